//! The presets, pinned: a change here is a change of what applications were promised.

use super::*;

#[test]
fn the_presets_are_as_documented() {
    let shown = |preset: Preset| {
        let Configuration {
            identifier,
            sync_if,
            require,
            first_link,
            must_exist,
            create_former,
            leavers,
            rehires,
            apply,
            ..
        } = preset.configuration();
        let names = |set: &BTreeSet<Canonical>| set.iter().map(|name| name.name()).collect::<Vec<_>>().join(" ");
        format!(
            "{}: {} | {} | {} | {first_link:?} | {} | {create_former} | {} {} {} | {rehires:?} | {apply:?}",
            preset.name(),
            identifier.attribute().name(),
            serde_json::to_string(&sync_if).unwrap(),
            names(&require),
            must_exist.iter().map(Attribute::name).collect::<Vec<_>>().join(" "),
            leavers.terminated,
            leavers.missing,
            leavers.out_of_scope,
        )
    };
    assert_eq!(
        Preset::ALL.iter().map(|preset| shown(*preset)).collect::<Vec<_>>(),
        [
            "standard: work_email | [] | work_email | [ExternalId, Identifier] |  | false | deactivate wait ignore | Reactivate | Approve",
            "stakeholders: work_email | [] | work_email | [ExternalId, Identifier, ExactName] |  | true | ignore ignore ignore | Reactivate | Approve",
            r#"users: work_email | [{"field":"employment_status","any_of":["active"]}] | work_email | [ExternalId, Identifier] |  | false | deactivate wait ignore | Ignore | Automatic"#,
            "expense-users: employee_number | [] | employee_number known_as last_name work_email | [Identifier] | department | false | deactivate wait ignore | Wait | Automatic",
            "candidates: work_email | [] | work_email | [ExternalId, Identifier] |  | false | deactivate wait ignore | Reactivate | Approve",
        ]
    );
}

#[test]
fn the_presets_carry_what_their_stories_ask_for() {
    let managed = |preset: Preset| {
        let managed = preset.configuration().managed();
        managed.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        managed(Preset::Stakeholders),
        "address_line_1 address_line_2 birth_date city country display_name email employment_status employment_type \
         first_name group known_as last_name manager mobile_phone pay_currency pay_period pay_rate personal_email \
         start_date team termination_date work_email zip_code"
    );
    assert_eq!(
        managed(Preset::Standard),
        "display_name email first_name group known_as last_name manager mobile_phone pay_rate work_email"
    );
    assert_eq!(
        managed(Preset::Users),
        "display_name email first_name job_title known_as last_name manager work_email"
    );
    assert_eq!(
        managed(Preset::ExpenseUsers),
        "department display_name email employee_number first_name known_as last_name"
    );
    assert!(
        Preset::ALL
            .iter()
            .all(|preset| preset.configuration().syncs() == (*preset != Preset::Candidates))
    );
}

#[test]
fn the_limits_of_r25_are_the_documented_ones() {
    assert_eq!(
        serde_json::to_value(Preset::Standard.configuration().limits).unwrap(),
        serde_json::from_str::<Value>(EVERYTHING).unwrap()["limits"]
    );
}
