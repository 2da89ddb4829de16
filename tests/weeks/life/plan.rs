//! The plan of a busy day: HR's steps, what people want, and which tenants connect.

use jiff::{SignedDuration, Timestamp};
use rollcall::connection::{Connection, Status, TenantId};

use super::{Event, Life};
use crate::{office::Step, people::Wish};

impl Life<'_> {
    /// Plans a busy day, beside its morning.
    pub(super) fn plan_day(&mut self, morning: Timestamp) {
        let hours = |hours: u64| hours * 3_600_000;
        for company in self.companies.clone() {
            for _ in 0..self.world.fate.below(4) {
                let step = Step::draw(&mut self.world.fate.state().draw);
                let at = morning + self.some_time(hours(22)) - SignedDuration::from_hours(1);
                self.plan(at, Event::Hr(company.clone(), step));
            }
        }
        for tenant in self.tenants.clone() {
            self.plan_connecting(&tenant, morning);
        }
        let connections = self.world.connections();
        for connection in &connections {
            if self.world.fate.percent(60) {
                let at = morning + SignedDuration::from_mins(16) + self.some_time(hours(2));
                self.plan(at, Event::Wish(Wish::Approve(connection.id.clone())));
            }
            for _ in 0..self.world.fate.below(3) {
                let wish = Wish::of_connection(&mut self.world.fate.state().draw, connection);
                let at = morning + self.some_time(hours(22));
                self.plan(at, Event::Wish(wish));
            }
            if self.world.fate.percent(25) {
                self.plan_crowd(connection, morning + self.some_time(hours(22)));
            }
        }
        if self.world.fate.percent(40) {
            // Some people want something while the morning's runs are at work.
            let picked = self.world.fate.state().draw.pick(&connections).cloned();
            if let Some(connection) = picked {
                self.plan_crowd(&connection, morning + self.some_time(900_000));
            }
        }
    }

    /// Plans that several people want something of one connection at once.
    fn plan_crowd(&mut self, connection: &Connection, at: Timestamp) {
        self.world.fate.count("crowds");
        let mut wishes = vec![Wish::Sync(connection.id.clone())];
        for _ in 0..=self.world.fate.below(4) {
            let wish = Wish::of_connection(&mut self.world.fate.state().draw, connection);
            if self.world.fate.percent(30) {
                wishes.push(wish.clone());
            }
            wishes.push(wish);
        }
        for wish in wishes {
            let at = at + self.some_time(2_500);
            self.plan(at, Event::Wish(wish));
        }
    }

    /// Plans that a tenant connects, sometimes twice at nearly one moment.
    fn plan_connecting(&mut self, tenant: &TenantId, morning: Timestamp) {
        let has_one = self
            .world
            .connections()
            .iter()
            .any(|connection| connection.tenant == *tenant && connection.status == Status::Connected);
        if !self.world.fate.percent(if has_one { 8 } else { 60 }) {
            return;
        }
        let mut at = morning + self.some_time(20 * 3_600_000);
        let times = if self.world.fate.percent(20) { 2 } else { 1 };
        for _ in 0..times {
            let place = self
                .tenants
                .iter()
                .position(|other| other == tenant)
                .unwrap_or_default();
            let is_foreign = self.world.fate.percent(20);
            let own = if is_foreign {
                usize::try_from(self.world.fate.below(3)).unwrap()
            } else {
                place
            };
            let company = self.companies[own].clone();
            let (target, how) = {
                let mut state = self.world.fate.state();
                (state.draw.byte(), state.draw.byte())
            };
            let wish = if self.world.fate.percent(35) {
                let mut companies = vec![company];
                if self.world.fate.percent(30) {
                    companies.extend(self.companies.get(usize::from(how) % 3).cloned());
                    companies.dedup();
                }
                Wish::Login(tenant.clone(), companies, target)
            } else {
                Wish::Connect(tenant.clone(), company, target, how)
            };
            self.plan(at, Event::Wish(wish));
            at += self.some_time(1_500);
        }
        // A tenant that was erased has to be admitted again first.
        if self.memory.erased_tenants.contains_key(tenant) {
            self.plan(morning, Event::Wish(Wish::Readmit(tenant.clone())));
        }
    }
}
