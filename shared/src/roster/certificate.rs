//! The proof that a roster is complete (R05). It has one constructor, and only what it proves makes anyone missing.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Baseline, Company, Header};
use crate::employee::Attribute;

/// The proof that a roster is complete. Only [`judge`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    content_hash: String,
    certified_at: Timestamp,
}

impl Certificate {
    /// Returns the content hash of the roster it speaks of.
    pub fn content_hash(&self) -> &str {
        &self.content_hash
    }

    /// Returns when the read was judged.
    pub const fn certified_at(&self) -> Timestamp {
        self.certified_at
    }
}

/// A reason why a roster is no proof that a person is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Another company's people (R01): no plan is made at all.
    DifferentCompany,
    /// The walk over the pages did not come to its end.
    WalkBroken {
        /// Why, as a code.
        reason: String,
    },
    /// The number of people is not the number that the source announced, or its pages disagreed.
    CountsDisagree {
        /// People read, each once.
        read: u32,
        /// People announced.
        announced: u64,
    },
    /// The roster does not show attributes that used to be shown.
    AttributesHidden(BTreeSet<Attribute>),
}

/// How complete a roster is, and with that, what a plan on it may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// Everything was read: absence is evidence.
    Complete(Certificate),
    /// All people were read, but not all that used to be shown of them: no leaver by absence (R06).
    Narrowed(BTreeSet<Attribute>),
    /// Not all people were read: linked people are updated, nothing else (R06).
    Partial(Vec<Doubt>),
    /// The people are another company's: nothing may be planned (R01).
    Foreign,
}

impl Completeness {
    /// Returns the certificate, if there is one.
    pub const fn certificate(&self) -> Option<&Certificate> {
        match self {
            Self::Complete(certificate) => Some(certificate),
            Self::Narrowed(_) | Self::Partial(_) | Self::Foreign => None,
        }
    }

    /// Returns whether the walk ended and the counts agree.
    pub const fn is_whole(&self) -> bool {
        matches!(self, Self::Complete(_) | Self::Narrowed(_))
    }

    /// Returns the word for logs, run records and pages.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Complete(_) => "complete",
            Self::Narrowed(_) => "narrowed",
            Self::Partial(_) => "partial",
            Self::Foreign => "different-company",
        }
    }
}

/// Returns how complete a read was, against the company of the connection and its baseline.
///
/// An attribute that the source says it may not show counts as hidden only where the baseline knew it: what was never
/// shown is missing from the mapping, not from the read.
pub fn judge(header: &Header, company: &Company, baseline: &Baseline, at: Timestamp) -> Completeness {
    if header.company.id != company.id {
        return Completeness::Foreign;
    }
    let mut doubts = Vec::new();
    if !header.walk_ended {
        doubts.push(Doubt::WalkBroken {
            reason: header.broken.clone().unwrap_or_else(|| "no_last_page".to_owned()),
        });
    }
    if let Some(announced) = header.announced
        && (announced != u64::from(header.employees) || header.announced_changed)
    {
        doubts.push(Doubt::CountsDisagree {
            read: header.employees,
            announced,
        });
    }
    if !doubts.is_empty() {
        return Completeness::Partial(doubts);
    }
    let hidden = baseline.hidden_in(header);
    // An empty roster shows no attribute; that it is empty is a matter for a guard, which says so plainly.
    if header.employees > 0 && !hidden.is_empty() {
        return Completeness::Narrowed(hidden);
    }
    Completeness::Complete(Certificate {
        content_hash: header.content_hash.clone(),
        certified_at: at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        employee::{Canonical, CompanyId, EmployeeBuilder, EmployeeId, Field},
        roster::{Builder, Proof, Roster},
    };

    fn company(id: &str) -> Company {
        Company {
            id: CompanyId::parse(id).unwrap(),
            name: "Acme".into(),
        }
    }

    fn read(people: u64, attributes: &[Canonical], settle: impl FnOnce(&mut Builder)) -> Roster {
        let mut builder = Builder::new(company("1"));
        let mut employee = EmployeeBuilder::new();
        for id in 1..=people {
            for attribute in attributes {
                employee.set(*attribute, Field::Value("1990-01-01"));
            }
            builder
                .push(&employee.build(EmployeeId::parse(&id.to_string()).unwrap()))
                .unwrap();
        }
        settle(&mut builder);
        builder.finish(None).unwrap()
    }

    fn whole(builder: &mut Builder) {
        builder.announce(u64::from(builder.len()));
        builder.end_walk(Proof::LastPage);
    }

    fn judged(roster: &Roster, baseline: &Baseline) -> Completeness {
        judge(&roster.header, &company("1"), baseline, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn r05_a_certificate_needs_the_terminal_page() {
        let roster = read(3, &[Canonical::City], |builder| builder.announce(3));
        assert!(matches!(
            judged(&roster, &Baseline::default()),
            Completeness::Partial(_)
        ));
        let roster = read(3, &[Canonical::City], whole);
        assert!(judged(&roster, &Baseline::default()).certificate().is_some());
    }

    #[test]
    fn r05_a_certificate_needs_counts_in_agreement() {
        for announced in [2, 4] {
            let roster = read(3, &[Canonical::City], |builder| {
                builder.announce(announced);
                builder.end_walk(Proof::LastPage);
            });
            assert!(
                judged(&roster, &Baseline::default()).certificate().is_none(),
                "{announced}"
            );
        }
        let changing = read(3, &[Canonical::City], |builder| {
            builder.announce(4);
            builder.announce(3);
            builder.end_walk(Proof::LastPage);
        });
        assert!(judged(&changing, &Baseline::default()).certificate().is_none());
    }

    #[test]
    fn r05_a_certificate_needs_the_attributes_of_the_baseline() {
        let usual = read(3, &[Canonical::City, Canonical::BirthDate], whole);
        let baseline = Baseline::default().moved(&usual.header, "2026-01-01".parse().unwrap());
        assert!(judged(&usual, &baseline).certificate().is_some());
        let narrow = read(3, &[Canonical::City], whole);
        assert_eq!(
            judged(&narrow, &baseline),
            Completeness::Narrowed([Canonical::BirthDate.into()].into())
        );
        let refused = read(3, &[Canonical::City, Canonical::BirthDate], |builder| {
            whole(builder);
            builder.hide(Canonical::BirthDate.into(), "no_permission");
        });
        assert!(judged(&refused, &baseline).certificate().is_none());
        let richer = read(3, &[Canonical::City, Canonical::BirthDate, Canonical::StartDate], whole);
        assert!(judged(&richer, &baseline).certificate().is_some());
    }

    #[test]
    fn r01_another_companys_roster_is_foreign_however_complete() {
        let roster = read(3, &[Canonical::City], whole);
        let judged = judge(
            &roster.header,
            &company("2"),
            &Baseline::default(),
            Timestamp::UNIX_EPOCH,
        );
        assert_eq!(judged, Completeness::Foreign);
    }

    #[test]
    fn r08_drops_are_measured_against_the_high_of_thirty_days() {
        let day = |text: &str| text.parse().unwrap();
        let baseline = Baseline::default()
            .moved(&read(10, &[Canonical::City], whole).header, day("2026-01-01"))
            .moved(&read(6, &[], whole).header, day("2026-01-15"));
        assert_eq!(
            (baseline.headcount(), baseline.coverage(&Canonical::City.into())),
            (10, 10_000)
        );
        let later = baseline.moved(&read(7, &[Canonical::City], whole).header, day("2026-02-01"));
        assert_eq!(later.headcount(), 7);
        assert_eq!(later.observations.len(), 2);
    }

    #[test]
    fn r08_an_observation_counts_for_thirty_days_and_no_longer() {
        let day = |text: &str| text.parse().unwrap();
        let high = Baseline::default().moved(&read(10, &[Canonical::City], whole).header, day("2026-01-01"));
        let small = read(5, &[], whole);
        let last = high.clone().moved(&small.header, day("2026-01-30"));
        assert_eq!((last.headcount(), last.coverage(&Canonical::City.into())), (10, 10_000));
        let after = high.moved(&small.header, day("2026-01-31"));
        assert_eq!((after.headcount(), after.coverage(&Canonical::City.into())), (5, 0));
    }

    #[test]
    fn r08_drops_within_one_day_do_not_lower_what_the_day_has_seen() {
        let day = "2026-01-01".parse().unwrap();
        let baseline = Baseline::default()
            .moved(&read(10, &[Canonical::City], whole).header, day)
            .moved(&read(7, &[], whole).header, day)
            .moved(&read(8, &[Canonical::WorkCity], whole).header, day);
        assert_eq!(baseline.observations.len(), 1);
        assert_eq!(baseline.headcount(), 10);
        for attribute in [Canonical::City, Canonical::WorkCity] {
            assert_eq!(baseline.coverage(&attribute.into()), 10_000, "{}", attribute.name());
        }
        assert_eq!(
            baseline.visible,
            [Canonical::WorkCity.into()].into(),
            "the last roster says what is shown"
        );
    }

    #[test]
    fn r08_a_walk_that_did_not_end_moves_no_baseline() {
        let broken = read(5, &[Canonical::City], |_| {});
        assert!(
            Baseline::default()
                .moved(&broken.header, "2026-01-01".parse().unwrap())
                .is_empty()
        );
    }
}
