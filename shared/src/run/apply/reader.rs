//! The steps of a plan in the order in which they are taken, read chunk by chunk.

use std::collections::VecDeque;

use crate::{
    employee::{Attribute, Canonical},
    plan::{Change, Lines, Phase},
    run::Error,
    store::{PlanRecord, Store},
};

/// Steps that may be under way at once; more than one only where their order does not matter.
pub(super) struct Window {
    /// The round in which the changes are made.
    pub(super) phase: Phase,
    /// The changes.
    pub(super) changes: Vec<Change>,
    /// Whether the changes are one transaction.
    pub(super) together: bool,
}

/// Reads a plan's steps.
pub(super) struct Reader<'a> {
    store: &'a dyn Store,
    plan: &'a PlanRecord,
    phase: Phase,
    chunk: u32,
    ready: VecDeque<Change>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(store: &'a dyn Store, plan: &'a PlanRecord) -> Self {
        Self {
            store,
            plan,
            phase: Phase::People,
            chunk: 0,
            ready: VecDeque::new(),
        }
    }

    /// Passes over steps that an earlier slice has taken.
    pub(super) async fn skip(&mut self, steps: u32) -> Result<(), Error> {
        for _ in 0..steps {
            if self.peek().await?.is_none() {
                break;
            }
            self.ready.pop_front();
        }
        Ok(())
    }

    /// The next steps, at most `most`; `None` after the last.
    pub(super) async fn next(&mut self, most: usize) -> Result<Option<Window>, Error> {
        let Some((phase, first)) = self.peek().await? else {
            return Ok(None);
        };
        let group = first.together.filter(|_| phase == Phase::People);
        let mut changes = Vec::new();
        while let Some((round, next)) = self.peek().await? {
            let belongs = match group {
                Some(_) => round == phase && next.together == group,
                None => round == phase && changes.len() < most && (changes.is_empty() || !is_ordered(next, phase)),
            };
            if !belongs {
                break;
            }
            let alone = group.is_none() && is_ordered(next, phase);
            changes.extend(self.ready.pop_front());
            if alone {
                break;
            }
        }
        Ok(Some(Window {
            phase,
            changes,
            together: group.is_some(),
        }))
    }

    /// The next step with its round.
    async fn peek(&mut self) -> Result<Option<(Phase, &Change)>, Error> {
        while self.ready.is_empty() {
            if self.chunk >= self.plan.chunks {
                self.phase = match self.phase {
                    Phase::People => Phase::References,
                    Phase::References => Phase::Leavers,
                    Phase::Leavers => return Ok(None),
                };
                self.chunk = 0;
                continue;
            }
            let bytes = self.store.find_lines(self.plan, self.chunk).await?;
            let bytes = bytes.ok_or(Error::Gone("plan"))?;
            self.chunk += 1;
            let phase = self.phase;
            self.ready.extend(
                Lines::read_chunk(&bytes)?
                    .into_iter()
                    .filter(|change| is_in(change, phase)),
            );
        }
        Ok(self.ready.front().map(|change| (self.phase, change)))
    }
}

/// Whether a change has a step in a round.
fn is_in(change: &Change, phase: Phase) -> bool {
    match phase {
        Phase::People => !change.is_leaver(),
        Phase::References => change.has_reference(),
        Phase::Leavers => change.is_leaver(),
    }
}

/// Whether a step must wait for all before it, and all after it for it: it gives up an address or takes one.
fn is_ordered(change: &Change, phase: Phase) -> bool {
    phase == Phase::People
        && (change.together.is_some()
            || change.edits().is_some_and(|edits| {
                edits
                    .attributes
                    .iter()
                    .any(|edit| edit.attribute == Attribute::Canonical(Canonical::Email))
            }))
}
