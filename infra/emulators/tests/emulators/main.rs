//! The emulators, over real HTTP: what each vendor documents, what the controls do, and how every break mode shows.

#[cfg(test)]
mod any;
#[cfg(test)]
mod bamboohr_support;
#[cfg(test)]
mod lucca_support;
#[cfg(test)]
mod payfit;
#[cfg(test)]
mod personio_support;
#[cfg(test)]
mod scim_support;
#[cfg(test)]
mod support;

#[cfg(test)]
mod bamboohr_account;
#[cfg(test)]
mod bamboohr_dataset;
#[cfg(test)]
mod bamboohr_employee;
#[cfg(test)]
mod bamboohr_login;
#[cfg(test)]
mod bamboohr_report;
#[cfg(test)]
mod bamboohr_report_form;
#[cfg(test)]
mod break_connections;
#[cfg(test)]
mod break_values;
#[cfg(test)]
mod break_words;
#[cfg(test)]
mod breaks;
#[cfg(test)]
mod controls;
#[cfg(test)]
mod days;
#[cfg(test)]
mod factorial_api;
#[cfg(test)]
mod factorial_filters;
#[cfg(test)]
mod factorial_lists;
#[cfg(test)]
mod factorial_oauth;
#[cfg(test)]
mod factorial_paging;
#[cfg(test)]
mod factorial_versions;
#[cfg(test)]
mod hibob;
#[cfg(test)]
mod humaans;
#[cfg(test)]
mod kinds;
#[cfg(test)]
mod lucca_login;
#[cfg(test)]
mod lucca_new;
#[cfg(test)]
mod lucca_old;
#[cfg(test)]
mod lucca_old_structure;
#[cfg(test)]
mod merge;
#[cfg(test)]
mod people;
#[cfg(test)]
mod personio_api;
#[cfg(test)]
mod scim;
#[cfg(test)]
mod scim_attributes;
#[cfg(test)]
mod scim_manners;
#[cfg(test)]
mod scim_sets;
#[cfg(test)]
mod staffology;
