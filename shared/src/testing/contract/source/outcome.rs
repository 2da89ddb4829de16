//! What a read came to, and what it is opened with.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::sync::Mutex;

use super::{Emulated, TODAY, now};
use crate::{
    connection::Credential,
    employee::{Attribute, Category, CompanyId, Field, Wanted},
    roster::{Baseline, Company, Completeness, Doubt, Reading, Roster, judge},
    source::{Access, Address, Class, Error, Opening, Provider, Source},
};

/// What a read came to.
#[derive(Debug)]
pub struct Outcome {
    /// The people, and what is known of them as a whole.
    pub roster: Roster,
    /// What broke the read off.
    pub error: Option<Error>,
    /// How many calls were sent, those before the read included.
    pub calls: u64,
}

impl Outcome {
    /// Reads everything.
    pub async fn of(source: &dyn Source) -> Self {
        Self::wanting(Wanted::everything(), source).await
    }

    /// Reads these attributes and no others.
    pub async fn wanting(wanted: Wanted, source: &dyn Source) -> Self {
        let company = company_of(source).await.unwrap();
        Self::from(wanted, company, source).await
    }

    async fn from(wanted: Wanted, company: Company, source: &dyn Source) -> Self {
        let mut reading = Reading::wanting(wanted, company, None, &|| false);
        let error = source.read(&mut reading).await.err();
        let broken = error.as_ref().map(|error| error.class.as_str());
        Self {
            roster: reading.roster.finish(broken).unwrap(),
            error,
            calls: source.calls(),
        }
    }

    /// Returns the verdict against what an earlier read showed.
    pub fn judge(&self, earlier: Option<&Self>) -> Completeness {
        let baseline = earlier.map(|earlier| Baseline::default().moved(&earlier.roster.header, TODAY.parse().unwrap()));
        let company = earlier.unwrap_or(self).roster.header.company.clone();
        judge(&self.roster.header, &company, &baseline.unwrap_or_default(), now())
    }

    /// Returns the class of what broke the read off.
    pub fn class(&self) -> Option<Class> {
        self.error.as_ref().map(|error| error.class)
    }

    /// Checks that the read proves everything that it can.
    #[track_caller]
    pub fn assert_certified(&self, earlier: Option<&Self>) {
        assert!(self.error.is_none(), "{:?}", self.error);
        let verdict = self.judge(earlier);
        assert!(verdict.certificate().is_some(), "{verdict:?}");
    }

    /// Checks that the read came to what an earlier one came to.
    #[track_caller]
    pub fn assert_same(&self, earlier: &Self) {
        assert!(self.error.is_none(), "{:?}", self.error);
        assert_eq!(self.roster, earlier.roster);
    }

    /// Checks that the read broke off with one of these classes, and proves nobody's absence.
    #[track_caller]
    pub fn assert_broken(&self, earlier: &Self, classes: &[Class]) {
        let class = self.class();
        assert!(
            class.is_some_and(|class| classes.contains(&class)),
            "{classes:?}: {:?}",
            self.error
        );
        assert!(!self.roster.header.walk_ended);
        let Completeness::Partial(doubts) = self.judge(Some(earlier)) else {
            panic!("{:?}", self.judge(Some(earlier)));
        };
        let [Doubt::WalkBroken { reason }, ..] = &doubts[..] else {
            panic!("{doubts:?}");
        };
        assert_eq!(Some(reason.as_str()), class.map(Class::as_str));
    }

    /// Checks that the read lacks this attribute, and proves nobody's absence for that reason.
    #[track_caller]
    pub fn assert_narrowed(&self, earlier: &Self, attribute: impl Into<Attribute>) {
        let attribute = attribute.into();
        assert!(self.error.is_none(), "{:?}", self.error);
        assert!(!self.roster.header.visible.contains(&attribute), "{attribute}");
        let verdict = self.judge(Some(earlier));
        assert!(
            matches!(&verdict, Completeness::Narrowed(hidden) if hidden.contains(&attribute)),
            "{attribute}: {verdict:?}"
        );
    }

    /// Returns what differs from an earlier read of the same people: whose attribute, and what it is now.
    pub fn differences(&self, earlier: &Self) -> Vec<(String, Attribute, Field<String>)> {
        let (before, after) = (earlier.roster.employees().unwrap(), self.roster.employees().unwrap());
        let visible = |outcome: &Self| outcome.roster.header.visible.clone();
        let attributes: BTreeSet<Attribute> = visible(earlier).union(&visible(self)).cloned().collect();
        assert_eq!(before.len(), after.len());
        let mut found = Vec::new();
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before.id, after.id);
            for attribute in &attributes {
                let now = after.attributes.field(attribute.clone());
                if now != before.attributes.field(attribute.clone()) {
                    found.push((after.id.to_string(), attribute.clone(), now.map(str::to_owned)));
                }
            }
        }
        found
    }
}

/// Returns the company that a source names, or the one that stands for it where the HR system names none.
///
/// # Errors
/// What the source answers.
pub async fn company_of(source: &dyn Source) -> Result<Company, Error> {
    let own = || Company {
        id: CompanyId::parse("site-acme").unwrap(),
        name: "acme".to_owned(),
    };
    Ok(source.identify().await?.unwrap_or_else(own))
}

/// Opens an emulated HR system with an access, and with these forbidden categories allowed.
pub fn open_with(hr: &dyn Emulated, access: Arc<dyn Access>, allowed: &BTreeSet<Category>) -> Box<dyn Source> {
    let url = hr.url();
    let opening = Opening {
        at: Address {
            base_url: Some(&url),
            site: None,
        },
        access,
        allowance: None,
        allowed,
        company: None,
    };
    hr.provider().open(opening).unwrap()
}

/// Opens an emulated HR system with a credential that cannot be renewed.
pub fn open(hr: &dyn Emulated) -> Box<dyn Source> {
    open_with(hr, Arc::new(Held(hr.credential())), &BTreeSet::new())
}

/// Reads an emulated HR system.
pub async fn read(hr: &dyn Emulated) -> Outcome {
    Outcome::of(open(hr).as_ref()).await
}

/// Reads well once, then under a fault that begins behind the question whose data it is. Returns both reads.
pub async fn read_under(hr: &dyn Emulated, fault: Value) -> (Outcome, Outcome) {
    let before = read(hr).await;
    before.assert_certified(None);
    let source = open(hr);
    let company = company_of(source.as_ref()).await.unwrap();
    hr.arm(fault).await;
    let after = Outcome::from(Wanted::everything(), company, source.as_ref()).await;
    hr.mend().await;
    (before, after)
}

/// A credential that is held in memory. A renewal brings the same one, so that the HR system has the last word.
pub struct Held(pub Credential);

#[async_trait]
impl Access for Held {
    async fn credential(&self) -> Result<Credential, Error> {
        Ok(self.0.clone())
    }

    async fn renew(&self, _refused: &Credential) -> Result<Credential, Error> {
        Ok(self.0.clone())
    }
}

/// A credential that is held in memory, and renewed by its provider, once for all requests that were refused with it.
pub struct Renewing {
    provider: Arc<dyn Provider>,
    url: String,
    kept: Mutex<Credential>,
}

impl Renewing {
    /// The credential of an emulated HR system.
    pub fn new(hr: &dyn Emulated) -> Self {
        Self {
            provider: hr.provider(),
            url: hr.url(),
            kept: Mutex::new(hr.credential()),
        }
    }
}

#[async_trait]
impl Access for Renewing {
    async fn credential(&self) -> Result<Credential, Error> {
        Ok(self.kept.lock().await.clone())
    }

    async fn renew(&self, refused: &Credential) -> Result<Credential, Error> {
        let mut kept = self.kept.lock().await;
        if access_token(&kept) != access_token(refused) {
            return Ok(kept.clone());
        }
        let login = self.provider.login().unwrap();
        let at = Address {
            base_url: Some(&self.url),
            site: None,
        };
        let renewed = login.renew(at, refused).await?;
        kept.clone_from(&renewed);
        Ok(renewed)
    }
}

/// Returns the token that opens the API; nothing of a credential that has none.
fn access_token(credential: &Credential) -> Option<&str> {
    match credential {
        Credential::Tokens(tokens) | Credential::Granted { tokens, .. } => Some(tokens.access_token.expose_secret()),
        Credential::ApiKey { .. } | Credential::Basic { .. } | Credential::Client { .. } => None,
    }
}
