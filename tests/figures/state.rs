//! Yesterday's accounts and links as files: what a store would hand out before a night's work.

use std::path::Path;

use jiff::Timestamp;
use rollcall::{
    account::{Account, AccountId, Accounts, ExternalId},
    employee::{Attributes, AttributesBuilder, Canonical, EmployeeId, Field},
    plan::{Action, Change, Evidence, Fingerprints, Link, LinkState, Links, Prints, Reference},
};

use crate::Failure;

/// Accounts and links.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// The target's accounts.
    pub(crate) accounts: Accounts,
    /// Who is linked to what.
    pub(crate) links: Links,
}

/// The state after creating everybody, managers included.
pub(crate) fn after(changes: &[Change], fingerprints: &Fingerprints, now: Timestamp) -> State {
    let (mut accounts, mut links) = (Vec::new(), Vec::new());
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
        accounts.push(Account {
            id,
            external_id,
            active: true,
            attributes,
            version: None,
        });
    }
    State {
        accounts: Accounts::new(accounts),
        links: Links::new(links),
    }
}

/// Writes accounts and links, each as one text of length-prefixed members, compressed.
pub(crate) fn save(folder: &Path, state: &State) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)?;
    let mut text = String::new();
    for account in state.accounts.as_slice() {
        let reference = account.external_id.as_ref().map_or("", ExternalId::as_str);
        push(
            &mut text,
            &[account.id.as_str(), reference, account.attributes.as_packed()],
        );
    }
    std::fs::write(folder.join("accounts"), zstd::bulk::compress(text.as_bytes(), 1)?)?;
    text.clear();
    for link in state.links.as_slice() {
        let at = link.linked_at.to_string();
        push(
            &mut text,
            &[
                link.employee_id.as_str(),
                link.account_id.as_str(),
                link.prints.as_packed(),
                &at,
            ],
        );
    }
    std::fs::write(folder.join("links"), zstd::bulk::compress(text.as_bytes(), 1)?)?;
    Ok(())
}

/// Reads what [`save`] wrote, a piece at a time.
pub(crate) fn load(folder: &Path) -> Result<State, Failure> {
    let (mut accounts, mut links) = (Vec::new(), Vec::new());
    each(&folder.join("accounts"), |[id, reference, packed]: [&str; 3]| {
        accounts.push(Account {
            id: AccountId::parse(id)?,
            external_id: ExternalId::from_target(reference),
            active: true,
            attributes: Attributes::from_packed(packed).ok_or("a packed set of attributes was expected")?,
            version: None,
        });
        Ok(())
    })?;
    each(&folder.join("links"), |[employee, account, prints, at]: [&str; 4]| {
        links.push(Link {
            employee_id: EmployeeId::parse(employee)?,
            account_id: AccountId::parse(account)?,
            evidence: Evidence::Created,
            state: LinkState::Active,
            absent_since: None,
            prints: Prints::from_packed(prints),
            journal: None,
            former_ids: Vec::new(),
            linked_at: at.parse()?,
        });
        Ok(())
    })?;
    Ok(State {
        accounts: Accounts::new(accounts),
        links: Links::new(links),
    })
}

/// How many bytes the files take.
pub(crate) fn size(folder: &Path) -> Result<usize, Failure> {
    let mut bytes = 0;
    for name in ["accounts", "links"] {
        bytes += usize::try_from(std::fs::metadata(folder.join(name))?.len())?;
    }
    Ok(bytes)
}

fn push(text: &mut String, members: &[&str]) {
    for member in members {
        text.push_str(&member.len().to_string());
        text.push(':');
        text.push_str(member);
    }
}

/// Visits records of a file; only one record is held at a time.
fn each<const N: usize>(path: &Path, mut visit: impl FnMut([&str; N]) -> Result<(), Failure>) -> Result<(), Failure> {
    use std::io::BufRead as _;
    let file = std::io::BufReader::new(std::fs::File::open(path)?);
    let mut reader = std::io::BufReader::new(zstd::stream::read::Decoder::with_buffer(file)?);
    let mut number = Vec::new();
    let mut members: [String; N] = std::array::from_fn(|_| String::new());
    loop {
        for (index, member) in members.iter_mut().enumerate() {
            number.clear();
            if reader.read_until(b':', &mut number)? == 0 && index == 0 {
                return Ok(());
            }
            number.pop();
            let length: usize = std::str::from_utf8(&number)?.parse()?;
            let mut bytes = std::mem::take(member).into_bytes();
            bytes.resize(length, 0);
            std::io::Read::read_exact(&mut reader, &mut bytes)?;
            *member = String::from_utf8(bytes)?;
        }
        visit(std::array::from_fn(|index| {
            members.get(index).map_or("", String::as_str)
        }))?;
    }
}
