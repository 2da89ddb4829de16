//! What a person decided about one employee: recorded input of the next plan.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{account::AccountId, employee::EmployeeId};

/// What is to be done about an employee whom the rules leave to people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Decision {
    /// The named account belongs to the employee.
    Link {
        /// The account.
        account_id: AccountId,
    },
    /// The employee left: treat them as a leaver.
    Left,
    /// Leave the employee's account as it is.
    Keep,
    /// No existing account belongs to the employee: make a new one.
    NewAccount,
}

/// A decision, with the employee and with the person who made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRecord {
    /// The employee.
    pub employee_id: EmployeeId,
    /// What was decided.
    #[serde(flatten)]
    pub decision: Decision,
    /// The reason.
    pub reason: String,
    /// The person who decided.
    pub by: String,
    /// When it was decided.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_stored_in_the_words_of_the_contract() {
        let record = DecisionRecord {
            employee_id: EmployeeId::parse("7").unwrap(),
            decision: Decision::Link {
                account_id: AccountId::parse("a-1").unwrap(),
            },
            reason: "same person, second contract".to_owned(),
            by: "admin-3".to_owned(),
            at: "2026-03-01T08:00:00Z".parse().unwrap(),
        };
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(
            text,
            r#"{"employee_id":"7","decision":"link","account_id":"a-1","reason":"same person, second contract","by":"admin-3","at":"2026-03-01T08:00:00Z"}"#
        );
        assert_eq!(serde_json::from_str::<DecisionRecord>(&text).unwrap(), record);
        let kept = text.replace(r#""decision":"link","account_id":"a-1""#, r#""decision":"new_account""#);
        assert_eq!(
            serde_json::from_str::<DecisionRecord>(&kept).unwrap().decision,
            Decision::NewAccount
        );
    }
}
