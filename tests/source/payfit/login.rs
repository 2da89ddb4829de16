//! Logging in: a key, and a login in the browser at a host of its own, whose token is not renewed.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use rollcall::{
    connection::Credential,
    http::Method,
    source::{Access, Authorization, Class, Error, Exchange, Identity, Login as _, Provider as _, Renewal},
};
use serde_json::json;

use super::support::PayFit;
use crate::support::{at, key_of, now};

#[tokio::test]
async fn r01_introspection_names_the_company_and_the_company_says_its_name() {
    let hr = PayFit::start(20).await;
    for credential in [hr.key(), hr.login()] {
        let source = hr.open(credential, &BTreeSet::new());
        let Identity::Known(company) = source.identify().await.unwrap() else {
            panic!("the company is named");
        };
        let id = hr.0.running.company_id_of(0).unwrap();
        assert_eq!(
            (company.id.as_str(), source.calls()),
            (format!("{id:024x}").as_str(), 2)
        );
        assert_ne!(company.name, company.id.as_str());
    }
}

#[tokio::test]
async fn a_login_begins_at_the_vendors_own_page_and_asks_for_what_is_read() {
    let hr = PayFit::start(20).await;
    let request = Authorization {
        connection: "c-1",
        tenant: "acme",
        redirect_uri: "https://rollcall.example/back",
        state: "s",
        code_challenge: "c",
    };
    let provider = hr.provider();
    let usual = rollcall::source::Address::default();
    let page = provider.authorize_url(usual, &request).await.unwrap();
    assert!(page.starts_with("https://oauth.payfit.com/authorize?"), "{page}");
    assert!(page.contains("scope=collaborators%3Aread+"), "{page}");
    assert!(!page.contains("bank"), "{page}");
    let url = hr.0.running.url();
    let local = provider.authorize_url(at(&url), &request).await.unwrap();
    assert!(local.starts_with(&url), "{local}");
}

#[tokio::test]
async fn r40_neither_a_key_nor_a_login_is_ever_renewed() {
    let hr = PayFit::start(20).await;
    let provider = hr.provider();
    for credential in [hr.key(), hr.login()] {
        let login = provider.login().unwrap();
        assert_eq!(login.renewal(&credential, now()), Renewal::Never);
        let error = login.renew(at(&hr.0.running.url()), &credential).await.unwrap_err();
        assert_eq!(error.class, Class::Unauthorized);
    }
    let Credential::Tokens(tokens) = hr.login() else {
        panic!("expected tokens");
    };
    assert_eq!((tokens.expires_at, tokens.refresh_token.is_some()), (None, false));
}

#[tokio::test]
async fn r40_a_code_of_another_server_is_refused_and_a_bad_one_has_to_begin_anew() {
    let hr = PayFit::start(20).await;
    let url = hr.0.running.url();
    for (issuer, class) in [
        (Some("https://evil.example"), Class::Misconfigured),
        (None, Class::Unauthorized),
    ] {
        let exchange = Exchange {
            code: "wrong",
            redirect_uri: "https://rollcall.example/back",
            code_verifier: "v",
            issuer,
        };
        let refused = hr.provider().exchange(at(&url), &exchange).await.unwrap_err();
        assert_eq!(refused.class, class, "{issuer:?}");
    }
}

#[tokio::test]
async fn r40_a_credential_that_was_revoked_means_that_a_person_connects_again() {
    let hr = PayFit::start(20).await;
    for credential in [hr.key(), hr.login()] {
        hr.0.arm(json!({"mode": "token_dies", "after": 0})).await;
        let error = hr.open(credential, &BTreeSet::new()).identify().await.unwrap_err();
        assert_eq!(error.class, Class::Unauthorized);
    }
    let requests = hr.0.requests().await;
    let introspected = requests.iter().filter(|(path, _)| path == "/introspect");
    assert!(introspected.clone().count() == 2 && introspected.clone().all(|(_, status)| *status == 200));
}

#[tokio::test]
async fn r40_a_403_at_introspection_is_a_dead_credential_once_it_was_shown_twice() {
    let hr = PayFit::start(20).await;
    for credential in [hr.key(), hr.login()] {
        let stray = json!({"mode": "status", "status": 403, "path": "introspect", "times": 1});
        hr.0.arm(stray).await;
        let source = hr.open(credential.clone(), &BTreeSet::new());
        source.identify().await.unwrap();
        assert_eq!(source.calls(), 3, "a stray one ends nothing");
        hr.0.arm(json!({"mode": "status", "status": 403, "path": "introspect"}))
            .await;
        let source = hr.open(credential, &BTreeSet::new());
        let error = source.identify().await.unwrap_err();
        assert_eq!((error.class, source.calls()), (Class::Unauthorized, 2));
        hr.0.control(Method::Delete, "/_emulator/break", &json!(null)).await;
    }
}

#[tokio::test]
async fn r40_introspection_is_about_the_credential_that_is_shown_also_once_that_is_a_newer_one() {
    let hr = PayFit::start(20).await;
    let access = Replaced {
        old: key_of("customer_of-yesterday"),
        new: hr.key(),
    };
    let source = hr.open_with(Arc::new(access), &BTreeSet::new());
    let Identity::Known(company) = source.identify().await.unwrap() else {
        panic!("the company is named");
    };
    let id = hr.0.running.company_id_of(0).unwrap();
    assert_eq!(company.id.as_str(), format!("{id:024x}"));
}

/// A credential in whose place a newer one was stored meanwhile.
struct Replaced {
    old: Credential,
    new: Credential,
}

#[async_trait]
impl Access for Replaced {
    async fn credential(&self) -> Result<Credential, Error> {
        Ok(self.old.clone())
    }

    async fn renew(&self, _: &Credential) -> Result<Credential, Error> {
        Ok(self.new.clone())
    }
}

#[tokio::test]
async fn an_answer_that_is_no_answer_of_introspection_is_never_taken_for_one() {
    let hr = PayFit::start(20).await;
    for (fault, class) in [
        ("html", Class::Temporary),
        ("xml", Class::Temporary),
        ("no_body", Class::Temporary),
        ("error_inside", Class::Malformed),
    ] {
        hr.0.arm(json!({"mode": fault, "path": "introspect", "times": 1})).await;
        let error = hr.open(hr.key(), &BTreeSet::new()).identify().await.unwrap_err();
        assert_eq!(error.class, class, "{fault}");
    }
}

#[tokio::test]
async fn a_credential_of_another_kind_is_refused_before_anything_is_sent() {
    let hr = PayFit::start(20).await;
    let basic = Credential::Basic {
        user: "hr".to_owned(),
        password: "s3cret".to_owned().into(),
    };
    let source = hr.open(basic, &BTreeSet::new());
    let error = source.identify().await.unwrap_err();
    assert_eq!((error.class, source.calls()), (Class::Unauthorized, 0));
    let error = hr.open(key_of("wrong"), &BTreeSet::new()).identify().await.unwrap_err();
    assert_eq!(error.class, Class::Unauthorized);
}
