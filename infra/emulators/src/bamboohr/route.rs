//! Paths. `/api/v1/…` stands on the company's own host; `/api/gateway.php/{company}/v1/…` names the company in the path.

use crate::kit::Asked;

/// What a path asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target<'a> {
    CompanyInformation,
    Report,
    Directory,
    Employees,
    Employee(&'a str),
    Table { whose: &'a str, table: &'a str },
    Changed,
    ChangedTable(&'a str),
    Fields,
    Lists,
    Tables,
    Users,
    Locations,
    Datasets,
    DatasetFields(&'a str),
    DatasetData(&'a str),
    SavedReports,
    SavedReport(&'a str),
}

/// A request's company, where the path names one, and its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Route<'a> {
    pub(super) site: Option<&'a str>,
    pub(super) target: Option<Target<'a>>,
}

impl<'a> Route<'a> {
    /// Reads method and path; a slash at the end is let pass, as clients in the field send one.
    pub(super) fn of(asked: &Asked<'a>) -> Self {
        let path = asked.path.strip_prefix("/api/").unwrap_or_default();
        let (site, rest) = match path.strip_prefix("gateway.php/") {
            Some(rest) => rest
                .split_once('/')
                .map_or((None, ""), |(site, rest)| (Some(site), rest)),
            None => (None, path),
        };
        let parts: Vec<&str> = rest.trim_end_matches('/').split('/').collect();
        let method = asked.method.as_str();
        Self {
            site,
            target: Target::find(method, &parts),
        }
    }
}

impl<'a> Target<'a> {
    fn find(method: &str, parts: &[&'a str]) -> Option<Self> {
        Some(match (method, parts) {
            ("GET", ["v1", "company_information"]) => Self::CompanyInformation,
            ("POST", ["v1", "reports", "custom"]) => Self::Report,
            ("GET", ["v1", "employees"]) => Self::Employees,
            ("GET", ["v1", "employees", "directory"]) => Self::Directory,
            ("GET", ["v1", "employees", "changed"]) => Self::Changed,
            ("GET", ["v1", "employees", "changed", "tables", table]) => Self::ChangedTable(table),
            ("GET", ["v1", "employees", whose, "tables", table]) => Self::Table { whose, table },
            ("GET", ["v1", "employees", id]) => Self::Employee(id),
            ("GET", ["v1", "meta", "fields"]) => Self::Fields,
            ("GET", ["v1", "meta", "lists"]) => Self::Lists,
            ("GET", ["v1", "meta", "tables"]) => Self::Tables,
            ("GET", ["v1", "meta", "users"]) => Self::Users,
            ("GET", ["v1", "hris", "org", "locations"]) => Self::Locations,
            ("GET", ["v1_2", "datasets"]) => Self::Datasets,
            ("GET", ["v1_2", "datasets", name, "fields"]) => Self::DatasetFields(name),
            ("POST", ["v2", "datasets", name, "data"]) => Self::DatasetData(name),
            ("GET", ["v1", "custom-reports"]) => Self::SavedReports,
            ("GET", ["v1", "custom-reports", id]) => Self::SavedReport(id),
            _ => return None,
        })
    }

    /// The name by which a permission group can forbid it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::CompanyInformation => "company_information",
            Self::Report => "reports",
            Self::Directory => "directory",
            Self::Employees | Self::Employee(_) => "employees",
            Self::Table { .. } | Self::ChangedTable(_) => "tables",
            Self::Changed => "changed",
            Self::Fields | Self::Lists | Self::Tables => "meta",
            Self::Users => "users",
            Self::Locations => "locations",
            Self::Datasets | Self::DatasetFields(_) | Self::DatasetData(_) => "datasets",
            Self::SavedReports | Self::SavedReport(_) => "custom-reports",
        }
    }

    /// Whether the answer is a list of people, of what belongs to them, or of where they work.
    pub(super) const fn is_list(self) -> bool {
        matches!(
            self,
            Self::Report
                | Self::Directory
                | Self::Employees
                | Self::DatasetData(_)
                | Self::SavedReport(_)
                | Self::Table { .. }
                | Self::ChangedTable(_)
                | Self::Locations
        )
    }

    /// The outermost element of the answer, where it is XML unless JSON is asked for.
    pub(super) const fn xml_root(self) -> Option<&'static str> {
        match self {
            Self::Directory => Some("directory"),
            Self::Employee(_) => Some("employee"),
            Self::Table { .. } | Self::ChangedTable(_) => Some("table"),
            Self::Changed | Self::Users => Some("result"),
            Self::Fields => Some("fields"),
            Self::Lists => Some("lists"),
            Self::Tables => Some("tables"),
            Self::CompanyInformation
            | Self::Report
            | Self::Employees
            | Self::Locations
            | Self::Datasets
            | Self::DatasetFields(_)
            | Self::DatasetData(_)
            | Self::SavedReports
            | Self::SavedReport(_) => None,
        }
    }

    /// The scopes of which a token needs one.
    pub(super) const fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::CompanyInformation => &["company:info"],
            Self::Report
            | Self::Datasets
            | Self::DatasetFields(_)
            | Self::DatasetData(_)
            | Self::SavedReports
            | Self::SavedReport(_) => &["report"],
            Self::Directory => &["employee_directory"],
            Self::Employees => &[
                "employee",
                "employee:name",
                "employee:job",
                "employee_directory",
                "sensitive_employee:protected_info",
            ],
            Self::Employee(_) => &[
                "employee",
                "employee:contact",
                "employee:compensation",
                "employee:custom_fields",
                "employee:job",
                "employee:name",
                "sensitive_employee:address",
                "sensitive_employee:protected_info",
            ],
            Self::Table { .. } | Self::ChangedTable(_) => &[
                "employee",
                "employee:job",
                "employee:compensation",
                "employee:custom_fields",
            ],
            Self::Changed => &["public.user", "public.integration"],
            Self::Fields => &["employee", "field"],
            Self::Lists | Self::Tables | Self::Locations => &["field"],
            Self::Users => &["user"],
        }
    }

    /// Whether the vendor documents OAuth as the only way.
    pub(super) const fn takes_tokens_only(self) -> bool {
        matches!(self, Self::Employees | Self::Locations)
    }
}
