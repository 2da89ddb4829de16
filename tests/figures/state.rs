//! Yesterday's accounts and links as files: what a store would hand out before a night's work.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rollcall::{
    account::{Account, AccountId, Accounts, AccountsBuilder, ExternalId},
    employee::{Attributes, AttributesBuilder, Canonical, EmployeeId, Field},
    plan::{Action, Change, Evidence, Fingerprints, Link, LinkState, LinkView, Links, LinksBuilder, Prints, Reference},
};

use crate::Failure;

/// The size at which a piece of a file is full, before compression.
const PIECE_BYTES: usize = 256 * 1024;

/// Accounts and links.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// The target's accounts.
    pub(crate) accounts: Accounts,
    /// The links: which person has which account.
    pub(crate) links: Links,
}

/// Returns the state after creating all people, managers included.
pub(crate) fn after(changes: &[Change], fingerprints: &Fingerprints, now: Timestamp) -> State {
    let (mut accounts, mut links) = (AccountsBuilder::default(), LinksBuilder::default());
    for change in changes {
        let Action::Create {
            attributes, manager, ..
        } = &change.action
        else {
            continue;
        };
        let Ok(id) = AccountId::parse(&format!("account-{:>028}", change.employee_id.as_str())) else {
            continue;
        };
        let mut shown = AttributesBuilder::new();
        for entry in attributes.view() {
            if let Some(attribute) = entry.attribute.to_owned() {
                shown.append(&attribute, entry.field);
            }
        }
        let manager = manager.as_ref().map(|manager| match manager {
            Reference::Account(id) => id.as_str().to_owned(),
            Reference::Employee(id) => format!("account-{:>028}", id.as_str()),
        });
        if let Some(manager) = &manager {
            shown.set_canonical(Canonical::Manager, Field::Value(manager));
        }
        let attributes = shown.build();
        let prints = attributes.view().iter().filter_map(|entry| {
            let print = fingerprints.print(entry.attribute, entry.field.value());
            Some((entry.attribute.to_owned()?, print, print))
        });
        links.push(Link {
            employee_id: change.employee_id.clone(),
            account_id: id.clone(),
            evidence: Evidence::Created,
            state: LinkState::Active,
            absent_since: None,
            prints: Prints::new(prints),
            journal: None,
            former_ids: Vec::new(),
            linked_at: now,
        });
        let external_id = ExternalId::from_target(&format!("factorial:1:{}", change.employee_id));
        accounts.push(&Account {
            id,
            external_id,
            active: true,
            attributes,
            login: None,
            addresses: Box::default(),
            version: None,
        });
    }
    State {
        accounts: accounts.finish(),
        links: links.finish(),
    }
}

/// Writes accounts and links, each in compressed pieces of length-prefixed members.
pub(crate) fn save(folder: &Path, state: &State) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)?;
    let mut pieces = Pieces::new(folder, "accounts");
    for account in state.accounts.iter() {
        let reference = account.external_id.unwrap_or_default();
        pieces.push(&[account.id, reference, account.attributes.as_packed()])?;
    }
    pieces.flush()?;
    let mut pieces = Pieces::new(folder, "links");
    for link in state.links.iter().map(LinkView::to_link) {
        let (employee, account) = (link.employee_id.as_str(), link.account_id.as_str());
        let at = link.linked_at.as_second().to_string();
        pieces.push(&[employee, account, link.prints.as_packed(), &at])?;
    }
    pieces.flush()
}

/// Reads what [`save`] wrote, a piece at a time.
pub(crate) fn load(folder: &Path) -> Result<State, Failure> {
    let (mut accounts, mut links) = (AccountsBuilder::default(), LinksBuilder::default());
    each(folder, "accounts", |[id, reference, packed]: [&str; 3]| {
        accounts.push(&Account {
            id: AccountId::parse(id)?,
            external_id: ExternalId::from_target(reference),
            active: true,
            attributes: Attributes::from_packed(packed).ok_or("a packed set of attributes was expected")?,
            login: None,
            addresses: Box::default(),
            version: None,
        });
        Ok(())
    })?;
    each(folder, "links", |[employee, account, prints, at]: [&str; 4]| {
        links.push(Link {
            employee_id: EmployeeId::parse(employee)?,
            account_id: AccountId::parse(account)?,
            evidence: Evidence::Created,
            state: LinkState::Active,
            absent_since: None,
            prints: Prints::from_packed(prints),
            journal: None,
            former_ids: Vec::new(),
            linked_at: Timestamp::from_second(at.parse()?)?,
        });
        Ok(())
    })?;
    Ok(State {
        accounts: accounts.finish(),
        links: links.finish(),
    })
}

/// Returns how many bytes the files take.
pub(crate) fn size(folder: &Path) -> Result<usize, Failure> {
    let mut bytes = 0;
    for file in std::fs::read_dir(folder)? {
        bytes += usize::try_from(file?.metadata()?.len())?;
    }
    Ok(bytes)
}

/// Records on their way into files. Each file is read in one go.
struct Pieces<'a> {
    folder: &'a Path,
    name: &'static str,
    number: usize,
    text: String,
}

impl<'a> Pieces<'a> {
    fn new(folder: &'a Path, name: &'static str) -> Self {
        Self {
            folder,
            name,
            number: 0,
            text: String::new(),
        }
    }

    fn push(&mut self, members: &[&str]) -> Result<(), Failure> {
        for member in members {
            self.text.push_str(&member.len().to_string());
            self.text.push(':');
            self.text.push_str(member);
        }
        if self.text.len() > PIECE_BYTES {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Failure> {
        let file = piece(self.folder, self.name, self.number);
        std::fs::write(file, zstd::bulk::compress(self.text.as_bytes(), 1)?)?;
        self.number += 1;
        self.text.clear();
        Ok(())
    }
}

fn piece(folder: &Path, name: &str, number: usize) -> PathBuf {
    folder.join(format!("{name}-{number}"))
}

/// Visits the records of all pieces in order; only one piece is held at a time.
fn each<const N: usize>(
    folder: &Path,
    name: &str,
    mut visit: impl FnMut([&str; N]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut decompressor = zstd::bulk::Decompressor::new()?;
    let mut bytes = Vec::with_capacity(2 * PIECE_BYTES);
    for number in 0.. {
        let compressed = match std::fs::read(piece(folder, name, number)) {
            Ok(compressed) => compressed,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => break,
            Err(error) => return Err(error.into()),
        };
        decompressor.decompress_to_buffer(&compressed, &mut bytes)?;
        let mut rest = std::str::from_utf8(&bytes)?;
        while !rest.is_empty() {
            let mut record = [""; N];
            for member in &mut record {
                let digits = rest.bytes().take_while(u8::is_ascii_digit);
                let (places, length) = digits.fold((0, 0), |(places, length), digit| {
                    (places + 1, length * 10 + usize::from(digit - b'0'))
                });
                let after = rest.get(places + 1..).ok_or("a length was expected")?;
                (*member, rest) = after.split_at_checked(length).ok_or("a piece ends too early")?;
            }
            visit(record)?;
        }
    }
    Ok(())
}
