//! Surveys: when HR is read whole, and what is kept of that: counts, and nobody (R46).

use super::{Diff, Failure, Goal, Stop};
use crate::{
    connection::{Connection, Identifier},
    roster::{Header, Row, Surveying},
    run::{Error, gathered::Gathered},
};

/// Says how a survey ends whose read is over.
pub(super) fn check(header: &Header) -> Result<(), Stop> {
    if header.walk_ended {
        return Ok(());
    }
    let detail = "HR was not read to its end, and nothing was counted; ask for the survey again";
    Err(Stop::Failed(Failure::new("incomplete", detail)))
}

impl Diff<'_> {
    /// Returns whether this read is to show everything: a survey was asked for, or none was made since the connection was connected.
    pub(super) async fn reads_everything(&self, connection: &Connection) -> Result<bool, Error> {
        if self.goal == Goal::Survey {
            return Ok(true);
        }
        if let Some(reading) = &self.run.reading {
            return Ok(reading.basis.everything);
        }
        let survey = self.ports.store.find_survey(&connection.id).await?;
        Ok(survey.is_none_or(|survey| survey.connects != connection.connects))
    }

    /// Keeps a survey of a read that has ended and shows everything.
    pub(super) async fn keep_survey(&self, connection: &Connection, people: &Gathered) -> Result<(), Stop> {
        if !people.header.walk_ended {
            return Ok(());
        }
        let identifiers: Vec<_> = Identifier::ALL
            .iter()
            .map(|identifier| identifier.attribute())
            .collect();
        let mut surveying = Surveying::new(&identifiers);
        let note = |row: Row<'_>| {
            surveying.note(row);
            Ok(())
        };
        people.each(self.ports, note).await?;
        let survey = surveying.finish(&people.header, connection.connects, self.ports.clock.now());
        Ok(self.ports.store.put_survey(&connection.id, &survey).await?)
    }
}
