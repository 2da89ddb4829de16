//! What happens to a tenant in a journey: written once, for every process that plays a part in the journey.

use jiff::SignedDuration;
use rollcall::{
    account::{Account, AccountId, Origin},
    connection::{ApplyMode, Configuration, LeaverPolicy, Preset},
    employee::{AttributesBuilder, Canonical, Field},
    run::request_diff,
    store::{AccountWrite, RunId},
};
use serde_json::json;

use super::{Failure, Office, Stage};

/// How many steps a slice has at most, so that an apply has several.
const SLICE_STEPS: u32 = 6;

/// How long a page of a slow HR system or target takes: three of them are a slice's time.
const PAGE_TAKES: SignedDuration = SignedDuration::from_secs(90);

/// Accounts of a slow target whose people HR does not know.
const BYSTANDERS: std::ops::RangeInclusive<u64> = 51..=57;

/// The events of a journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plot {
    /// A first night whose plan needs no approval: everybody joins, with managers.
    First,
    /// A first night whose HR system is so slow that everybody is read in several slices, and whose target, which has accounts of
    /// others, is listed in several slices.
    Long,
    /// A first night whose HR system shows more people than a read may hold in memory, in one slice.
    Wide,
    /// A later night with joiners, a mover, addresses that are swapped and passed on, managers, accounts that are linked for
    /// the first time, a person who comes back under a new number, a person who comes back under the old number, and leavers of
    /// every kind. Its plan is held.
    Rich,
}

impl Plot {
    /// Returns the plot of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "first" => Some(Self::First),
            "long" => Some(Self::Long),
            "rich" => Some(Self::Rich),
            "wide" => Some(Self::Wide),
            _ => None,
        }
    }

    /// Returns the plot's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Long => "long",
            Self::Rich => "rich",
            Self::Wide => "wide",
        }
    }

    /// Returns how many hours pass before the night that the journey is about.
    pub const fn hours(self) -> i64 {
        match self {
            Self::First | Self::Long | Self::Wide => 0,
            Self::Rich => 48,
        }
    }

    /// Returns how many people there are at the beginning.
    const fn people(self) -> u64 {
        match self {
            Self::First | Self::Long | Self::Wide => 7,
            Self::Rich => 12,
        }
    }

    fn configuration(self) -> Configuration {
        let mut configuration = Preset::Standard.configuration();
        configuration.attributes.extend(Preset::Stakeholders.attributes());
        configuration.attributes.insert(Canonical::JobTitle);
        configuration.leavers.missing = LeaverPolicy::Group("Former".to_owned());
        if self != Self::Rich {
            configuration.apply = ApplyMode::Automatic;
        }
        configuration
    }

    /// Returns the HR system on the night that the journey is about.
    pub fn office(self) -> Office {
        let office = Office::new("7");
        beginning(&office, self.people());
        if self == Self::Rich {
            one_leaves(&office);
            much_happens(&office);
        }
        office
    }

    /// Sets bounds that cut an apply into slices, where the night is long, a read, and where it is wide, what a slice reads.
    pub fn bound(self, stage: &mut Stage) {
        stage.ports.settings.slice_steps = SLICE_STEPS;
        if self == Self::Long {
            stage.office.page_by(1, PAGE_TAKES, &stage.clock);
            stage.trouble.list_by(1, PAGE_TAKES, &stage.clock);
        }
        if self == Self::Wide {
            stage.office.page_by(2, SignedDuration::ZERO, &stage.clock);
            stage.ports.settings.part_bytes = 1;
        }
    }

    /// Connects the tenant and lets the nights pass that come before. Returns the run of the last night's diff. That diff is
    /// asked for and not delivered.
    ///
    /// # Errors
    /// Something failed that is not what the journey is about.
    pub async fn prepare(self, stage: &mut Stage) -> Result<RunId, Failure> {
        self.bound(stage);
        // The office is shared with the stage: it is set back to the beginning, and led on night by night.
        let office = stage.office.clone();
        office.close();
        beginning(&office, self.people());
        stage.connect(self.configuration()).await?;
        if self == Self::Long {
            for number in BYSTANDERS {
                by_hand(stage, number, "Some", "Body").await?;
            }
        }
        if self == Self::Rich {
            stage.night().await?;
            play(stage).await?;
            by_hand(stage, 30, "First30", "Last30").await?;
            by_hand(stage, 31, "First31", "Last31").await?;
            one_leaves(&office);
            stage.pass_hours(24).night().await?;
            play(stage).await?;
            much_happens(&office);
            stage.pass_hours(24);
        }
        Ok(request_diff(&stage.ports, &stage.connection).await?)
    }
}

/// Delivers messages, and has held plans approved, until nothing is left to do.
///
/// # Errors
/// The messages never end.
pub async fn play(stage: &Stage) -> Result<(), Failure> {
    for _ in 0..10 {
        stage.deliver().await?;
        if stage.open_plan().await?.is_none() {
            return Ok(());
        }
        // The approval is refused where the plan is being applied already: then the plan's message is sent again.
        let _ = stage.approve().await;
    }
    Err("the plan is never applied".into())
}

fn beginning(office: &Office, people: u64) {
    office.hire_many(1..=people);
    for id in 2..=people.min(8) {
        office.set(id, Canonical::Manager, "1");
    }
}

fn one_leaves(office: &Office) {
    office.end(9, "2026-03-02").vanish(10);
}

fn much_happens(office: &Office) {
    // Joiners; one is led by another joiner.
    office.hire_many(20..=22);
    office
        .set(20, Canonical::Manager, "21")
        .set(21, Canonical::Manager, "1");
    // A mover.
    office
        .set(2, Canonical::JobTitle, "Head")
        .set(2, Canonical::Manager, "3");
    // Addresses in a circle, and one that is free once its holder has another.
    office.set(3, Canonical::WorkEmail, "p4@example.com");
    office.set(4, Canonical::WorkEmail, "p3@example.com");
    office.set(6, Canonical::WorkEmail, "p5@example.com");
    office.set(5, Canonical::WorkEmail, "five@example.com");
    // Accounts that an admin made by hand: one of a person who works here, and one of a person who has left.
    office.hire_many(30..=31).end(31, "2026-03-01");
    // One person comes back under another number, and one person under the old number.
    office.end(7, "2026-03-03").hire(40, "First7", "Last7");
    office.set(40, Canonical::WorkEmail, "p7@example.com");
    office.set(9, Canonical::TerminationDate, "");
    // Leavers: 8 has ended, 10 has not been seen for two nights.
    office.end(8, "2026-03-03");
}

/// Makes an account as an admin made it by hand before Rollcall came.
async fn by_hand(stage: &Stage, number: u64, first_name: &str, last_name: &str) -> Result<(), Failure> {
    let email = format!("p{number}@example.com");
    if let Some(server) = stage.server() {
        let name = json!({ "givenName": first_name, "familyName": last_name });
        let emails = json!([{ "value": email, "primary": true }]);
        server.add(&json!({ "userName": email, "name": name, "emails": emails }));
        return Ok(());
    }
    let mut attributes = AttributesBuilder::new();
    for (attribute, value) in [
        (Canonical::Email, email.as_str()),
        (Canonical::FirstName, first_name),
        (Canonical::LastName, last_name),
    ] {
        attributes.set_canonical(attribute, Field::Value(value));
    }
    let write = AccountWrite {
        account: Account {
            id: AccountId::parse(&format!("made-by-hand-{number}"))?,
            external_id: None,
            active: true,
            attributes: attributes.build(),
            login: None,
            addresses: Box::default(),
            version: None,
        },
        before: None,
        origin: Origin::Person {
            by: "somebody".to_owned(),
        },
        at: stage.now(),
    };
    stage.directory.put_accounts(&stage.tenant, &[write], None).await?;
    Ok(())
}
