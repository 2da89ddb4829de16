//! A part of a target's list, packed to be kept between two slices of a run that reads the list.
//!
//! Form, version 1: rows one after another, each three texts with their lengths before them: the id; a mark (`+` where the
//! account may be used, `-` where it may not, behind it `=` and the reference where it has one); the packed attributes. Where an
//! account has a login, the mark begins with `@`, and the login is a fourth text. Where it has other addresses, the mark begins with
//! `*`, before the `@`, and the addresses are one more text, a line each.

use sha2::{Digest as _, Sha256};

use super::AccountView;
use crate::{
    employee::View,
    roster::{Chunk, Error, MAX_CHUNK_BYTES, push_text, take_text},
};

/// Accounts in the order in which a target listed them, compressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// How many accounts there are.
    pub accounts: u32,
    /// SHA-256 over the rows in order, in hex.
    pub content_hash: String,
    /// The accounts, each chunk small enough for one stored item.
    pub chunks: Vec<Chunk>,
}

impl Listing {
    /// Packs accounts in the order in which they come.
    ///
    /// # Errors
    /// [`Error::TooLarge`] where one account fits no chunk, [`Error::Compression`] where memory runs out.
    pub(super) fn pack<'a>(accounts: impl Iterator<Item = AccountView<'a>>) -> Result<Self, Error> {
        let mut packed = Self {
            accounts: 0,
            content_hash: String::new(),
            chunks: Vec::new(),
        };
        let (mut rows, mut row) = (String::new(), String::new());
        let mut hash = Sha256::new();
        for account in accounts {
            row.clear();
            push_account(&mut row, account);
            if row.len() > MAX_CHUNK_BYTES {
                return Err(Error::TooLarge);
            }
            if rows.len() + row.len() > MAX_CHUNK_BYTES {
                packed.chunks.push(Chunk::compress(&rows)?);
                rows.clear();
            }
            hash.update(row.as_bytes());
            rows.push_str(&row);
            packed.accounts = packed.accounts.saturating_add(1);
        }
        if !rows.is_empty() {
            packed.chunks.push(Chunk::compress(&rows)?);
        }
        packed.content_hash = hex::encode(hash.finalize());
        Ok(packed)
    }

    /// Visits every account in its order.
    ///
    /// # Errors
    /// [`Error`] where a chunk is damaged.
    pub(super) fn each(&self, mut visit: impl FnMut(AccountView<'_>)) -> Result<(), Error> {
        for chunk in &self.chunks {
            let rows = chunk.decompress()?;
            let mut rest = rows.as_str();
            while !rest.is_empty() {
                let (account, behind) = take_account(rest).ok_or(Error::Form)?;
                visit(account);
                rest = behind;
            }
        }
        Ok(())
    }
}

fn push_account(row: &mut String, account: AccountView<'_>) {
    let sign = if account.active { "+" } else { "-" };
    let at = match (account.addresses, account.login) {
        ("", None) => "",
        ("", Some(_)) => "@",
        (_, None) => "*",
        (_, Some(_)) => "*@",
    };
    let mark = account
        .external_id
        .map_or_else(|| format!("{at}{sign}"), |reference| format!("{at}{sign}={reference}"));
    let texts = [account.id, &mark, account.attributes.as_packed()];
    let addresses = Some(account.addresses).filter(|addresses| !addresses.is_empty());
    for text in texts.into_iter().chain(account.login).chain(addresses) {
        push_text(row, text);
    }
}

fn take_account(rows: &str) -> Option<(AccountView<'_>, &str)> {
    let (id, rest) = take_text(rows)?;
    let (mark, rest) = take_text(rest)?;
    let (packed, rest) = take_text(rest)?;
    let (mark, has_addresses) = mark.strip_prefix('*').map_or((mark, false), |mark| (mark, true));
    let (mark, login, rest) = match mark.strip_prefix('@') {
        Some(mark) => {
            let (login, rest) = take_text(rest)?;
            (mark, Some(login), rest)
        }
        None => (mark, None, rest),
    };
    let (addresses, rest) = if has_addresses { take_text(rest)? } else { ("", rest) };
    let (active, reference) = match (mark.strip_prefix('+'), mark.strip_prefix('-')) {
        (Some(reference), _) => (true, reference),
        (None, Some(reference)) => (false, reference),
        (None, None) => return None,
    };
    let external_id = match reference {
        "" => None,
        reference => Some(reference.strip_prefix('=')?),
    };
    let account = AccountView {
        id,
        external_id,
        active,
        login,
        addresses,
        attributes: View::new(packed),
    };
    Some((account, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        account::{Account, AccountId, Accounts, AccountsBuilder, ExternalId},
        employee::{AttributesBuilder, Canonical, Field},
    };

    fn account((id, reference, active, city): (u16, Option<u16>, bool, Option<String>)) -> Account {
        let mut attributes = AttributesBuilder::new();
        attributes.set_canonical(Canonical::City, Field::from(city.as_deref()));
        Account {
            id: AccountId::parse(&id.to_string()).unwrap(),
            external_id: reference
                .map(|reference| ExternalId::from_target(&format!("factorial:1:{reference}")).unwrap()),
            active,
            attributes: attributes.build(),
            login: active.then(|| format!("login {id}").into()),
            addresses: (id % 3 == 0)
                .then(|| format!("{id}@home.test").into())
                .into_iter()
                .collect(),
            version: Some("3".into()),
        }
    }

    /// An account: its id, reference, login, other addresses, whether it is active, and its attributes.
    type Seen = (String, Option<String>, Option<String>, String, bool, String);

    fn seen(accounts: &Accounts) -> Vec<Seen> {
        let texts = accounts.iter().map(|account| {
            let [reference, login] = [account.external_id, account.login].map(|text| text.map(str::to_owned));
            let attributes = account.attributes.as_packed().to_owned();
            let addresses = account.addresses.to_owned();
            (
                account.id.to_owned(),
                reference,
                login,
                addresses,
                account.active,
                attributes,
            )
        });
        texts.collect()
    }

    proptest! {
        #[test]
        fn r29_a_list_that_is_kept_in_parts_is_the_list(
            people in proptest::collection::vec(
                (0_u16..50, proptest::option::of(0_u16..50), any::<bool>(), proptest::option::of("\\PC{0,8}")),
                0..60,
            ),
            cuts in proptest::collection::btree_set(0_usize..60, 0..6),
        ) {
            let accounts: Vec<Account> = people.into_iter().map(account).collect();
            let once = Accounts::new(&accounts);
            let mut parts = Vec::new();
            let mut slice = AccountsBuilder::default();
            let mut from = 0;
            for (place, account) in accounts.iter().enumerate() {
                if cuts.contains(&place) {
                    parts.push(slice.listing(from).unwrap());
                    slice = AccountsBuilder::default();
                    for part in &parts {
                        slice.take(part).unwrap();
                    }
                    from = slice.len();
                }
                slice.push(account);
            }
            prop_assert_eq!(seen(&slice.finish()), seen(&once));
        }
    }

    #[test]
    fn a_list_of_many_accounts_takes_several_chunks_and_comes_back_whole() {
        let accounts: Vec<Account> = (0..9_000)
            .map(|id| account((id, Some(id), id % 2 == 0, Some(format!("town {id} ").repeat(5)))))
            .collect();
        let mut builder = AccountsBuilder::default();
        for account in &accounts {
            builder.push(account);
        }
        let listing = builder.listing(0).unwrap();
        assert!(listing.chunks.len() > 1, "{} chunks", listing.chunks.len());
        assert_eq!(listing.accounts, 9_000);
        let mut again = AccountsBuilder::default();
        again.take(&listing).unwrap();
        assert_eq!(seen(&again.finish()), seen(&Accounts::new(&accounts)));
    }

    #[test]
    fn a_damaged_part_is_an_error_and_no_account() {
        for rows in ["1:7", "1:71:?0:", "1:72:+x0:", "1:72:@+0:", "1:72:*+0:", "9:7", "x"] {
            let listing = Listing {
                accounts: 1,
                content_hash: String::new(),
                chunks: vec![Chunk::compress(rows).unwrap()],
            };
            assert!(AccountsBuilder::default().take(&listing).is_err(), "{rows}");
        }
    }
}
