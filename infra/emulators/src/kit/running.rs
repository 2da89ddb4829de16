//! What a program that started an HR system holds: its address, its credentials, and the way to stop it.

use super::Kind;
use super::caller::{Caller, Means, service_user};
use super::dialect::Way;
use super::permission::PermissionGroup;
use super::system::{Client, System};
use super::token::Grant;
use crate::company::Company;
use crate::server::Server;
use jiff::Timestamp;
use std::sync::Arc;

/// A ready set of tokens, as after a log-in with a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenSet {
    /// For `Authorization: Bearer`.
    pub access_token: String,
    /// For one refresh; tokens of a company have none.
    pub refresh_token: Option<String>,
    /// Seconds; none for tokens of a company, which do not end.
    pub expires_in: Option<u64>,
}

/// A way to log in, with what it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// A key in a header of its own.
    ApiKey {
        /// The key.
        key: String,
    },
    /// Name and password of Basic.
    Basic {
        /// The name.
        user: String,
        /// The password.
        password: String,
    },
    /// A service user.
    ServiceUser {
        /// Its id: the name of Basic.
        user: String,
        /// Its token: the password of Basic.
        token: String,
        /// Where the two are exchanged for tokens, where they open nothing else.
        token_url: Option<String>,
    },
    /// A client of the customer's.
    ClientCredentials {
        /// Its id.
        client_id: String,
        /// Its secret.
        client_secret: String,
        /// Where the client gets its tokens.
        token_url: String,
    },
    /// An application that a person allows in a browser.
    Application {
        /// Its id.
        client_id: String,
        /// Its secret.
        client_secret: String,
        /// Where a person allows the application.
        authorize_url: String,
        /// Where the application gets its tokens.
        token_url: String,
    },
}

/// A running HR system; it ends when stopped or dropped.
pub struct Running {
    pub(super) server: Server,
    pub(super) system: Arc<System>,
}

impl Running {
    /// Returns which HR system it is.
    pub fn kind(&self) -> Kind {
        self.system.kind
    }

    /// `http://127.0.0.1:<port>`, to be used in place of the vendor's host.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The time at HR, which `POST /_emulator/day` moves on.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_second(self.system.now()).unwrap_or(Timestamp::MAX)
    }

    /// The API key of the first company.
    pub fn api_key(&self) -> &str {
        self.api_key_of(0).unwrap_or_default()
    }

    /// The API key of a company by its position.
    pub fn api_key_of(&self, company: usize) -> Option<&str> {
        let mut keys = self.system.keys().iter();
        keys.find(|key| key.company == company).map(|key| key.text.as_str())
    }

    /// The API key of the first company that sees what the permission group of this name may see; none where keys have no
    /// owner, or nobody has such a group.
    pub fn api_key_as(&self, group: &str) -> Option<&str> {
        let mut keys = self.system.keys().iter();
        let is_group = |known: &PermissionGroup| known.name == group;
        keys.find(|key| key.group.as_ref().is_some_and(is_group))
            .map(|key| key.text.as_str())
    }

    /// The id of a company by its position.
    pub fn company_id_of(&self, company: usize) -> Option<u64> {
        self.system.stage.companies().get(company).map(|company| company.id)
    }

    /// The name that a company has in the addresses of HR systems which give each customer one, by its position.
    pub fn site_of(&self, company: usize) -> Option<String> {
        self.system.stage.companies().get(company).map(Company::site)
    }

    /// The id of the OAuth application, and of the first company's client.
    pub fn client_id(&self) -> &str {
        &self.system.application().id
    }

    /// The secret of the OAuth application, and of the first company's client.
    pub fn client_secret(&self) -> &str {
        &self.system.application().secret
    }

    /// Id and secret of a company's own client, by its position.
    pub fn client_of(&self, company: usize) -> Option<(&str, &str)> {
        let client = self.system.clients().get(company)?;
        Some((&client.id, &client.secret))
    }

    /// Tokens of a user of the first company, as after a log-in with every scope; `None` where nobody logs in this way.
    pub fn user_tokens(&self, group: PermissionGroup) -> Option<TokenSet> {
        self.system.dialect.manners().authorize?;
        self.system.user(0, group).map(|caller| self.issue(caller))
    }

    /// The token of the first company, as after an administrator's log-in; `None` where there are no such tokens.
    pub fn company_token(&self) -> Option<TokenSet> {
        self.system.dialect.manners().whole_company?;
        let caller = self.system.nobody(0, Means::CompanyToken)?;
        Some(self.issue(caller))
    }

    fn issue(&self, caller: Caller) -> TokenSet {
        let manners = self.system.dialect.manners();
        let scope = if manners.scopes.is_empty() {
            manners.default_scope.to_owned()
        } else {
            manners.scopes.join(" ")
        };
        let grant = Grant {
            caller,
            scope,
            redirect_uri: String::new(),
            challenge: None,
        };
        let issued = self.system.tokens().issue(grant, self.system.now());
        TokenSet {
            access_token: issued.access_token,
            refresh_token: issued.refresh_token,
            expires_in: issued.expires_in.and_then(|seconds| u64::try_from(seconds).ok()),
        }
    }

    /// Every way to log in to the first company, the usual one first.
    pub fn accesses(&self) -> Vec<Access> {
        let (url, manners) = (self.url(), self.system.dialect.manners());
        let token_url = format!("{url}{}{}", manners.token, manners.token_query);
        let authorize = manners.authorize.unwrap_or_default();
        let authorize_url = format!("{url}{authorize}{}", manners.authorize_query);
        let Client { id, secret, .. } = self.system.application().clone();
        let ways = self.system.dialect.ways().iter();
        ways.map(|way| match way {
            Way::ApiKey => Access::ApiKey {
                key: self.api_key().to_owned(),
            },
            Way::KeyAsUser => Access::Basic {
                user: self.api_key().to_owned(),
                password: "x".to_owned(),
            },
            Way::ServiceUser => Access::ServiceUser {
                user: service_user(self.api_key()),
                token: self.api_key().to_owned(),
                token_url: manners.is_in_headers.then(|| token_url.clone()),
            },
            Way::ClientCredentials => Access::ClientCredentials {
                client_id: id.clone(),
                client_secret: secret.clone(),
                token_url: token_url.clone(),
            },
            Way::Code => Access::Application {
                client_id: id.clone(),
                client_secret: secret.clone(),
                authorize_url: authorize_url.clone(),
                token_url: token_url.clone(),
            },
        })
        .collect()
    }

    /// Returns what a person who has just started it needs to know: address, credentials, and what to try.
    pub fn introduction(&self) -> String {
        let (url, label) = (self.url(), self.system.kind.label());
        let mut lines = vec![format!("Emulated {label} at {url}\n")];
        for (position, company) in self.system.stage.companies().iter().enumerate() {
            let (name, site, people) = (&company.name, company.site(), company.people.len());
            lines.push(format!("\n{name} ({site}), {people} invented people of every kind.\n"));
            lines.extend(self.credentials_of(position));
        }
        lines.push("\nRead some of them, as the HR system shows them:\n".to_owned());
        let samples = self.system.dialect.samples(&self.system, &url).into_iter();
        lines.extend(samples.map(|sample| format!("  {sample}\n")));
        lines.push(format!(
            "See the truth about everybody, let a day pass, and see who was asked for what:\
             \n  curl {url}/_emulator/people\
             \n  curl -X POST {url}/_emulator/day\
             \n  curl {url}/_emulator/requests\
             \nLet it fail, and mend it:\
             \n  curl -X POST {url}/_emulator/break -d '{{\"mode\": \"status\", \"status\": 503}}'\
             \n  curl -X DELETE {url}/_emulator/break\n",
        ));
        let manners = self.system.dialect.manners();
        if let Some(authorize) = manners.authorize {
            let query = manners.authorize_query;
            let joint = if query.is_empty() { "?" } else { "&" };
            lines.push(format!(
                "Log in as a person does, in a browser:\
                 \n  {url}{authorize}{query}{joint}client_id={}&redirect_uri=http://127.0.0.1/callback&response_type=code&state=any\n",
                self.client_id()
            ));
        }
        lines.push("\nIts controls, fields and break modes are listed in infra/emulators/README.md.\n".to_owned());
        lines.concat()
    }

    /// The credentials of one company, a line each.
    fn credentials_of(&self, company: usize) -> Vec<String> {
        let keys = self.system.keys().iter().filter(|key| key.company == company);
        let mut lines: Vec<String> = keys
            .map(|key| {
                let whose = key.group.as_ref().map(|group| format!("  ({})", group.name));
                format!("  API key        {}{}\n", key.text, whose.unwrap_or_default())
            })
            .collect();
        let own_client = self.system.dialect.ways().contains(&Way::ClientCredentials);
        let has_clients = !self.system.dialect.manners().grants.is_empty();
        let client = self
            .client_of(company)
            .filter(|_| has_clients && (own_client || company == 0));
        lines.extend(client.map(|(id, secret)| format!("  client id      {id}\n  client secret  {secret}\n")));
        lines
    }

    /// Ends the emulator and frees its port.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}
