//! `/api/<version>/resources/<domain>/<plural>` and one record below it.

use super::Factorial;
use super::auth::{self, Caller, Means};
use super::field::Veil;
use super::paging;
use super::query::Query;
use super::refusal::Refusal;
use super::resource::{self, Resource, credential};
use super::version::Version;
use super::view::View;
use crate::fault::armed::{Call, Faults, Sign, is_missing};
use crate::server::gate;
use crate::server::link::Link;
use crate::server::reply::Reply;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Method, Response};
use serde_json::{Map, Value};
use std::sync::Arc;

/// What a path asks for.
enum Target {
    Nothing,
    Credentials(Version),
    List(Version, &'static dyn Resource),
    One(Version, &'static dyn Resource, u64),
}

impl Target {
    fn parse(method: &Method, path: &str) -> Self {
        Self::find(path)
            .filter(|_| method == Method::GET)
            .unwrap_or(Self::Nothing)
    }

    fn find(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/api/")?;
        let (version, rest) = rest.split_once("/resources/")?;
        let version = Version::parse(version)?;
        if rest == credential::PATH {
            return Some(Self::Credentials(version));
        }
        if let Some(found) = resource::find(rest, version) {
            return Some(Self::List(version, found));
        }
        let (list, id) = rest.rsplit_once('/')?;
        Some(Self::One(version, resource::find(list, version)?, id.parse().ok()?))
    }
}

/// Every request that is neither a control nor a log-in.
pub(super) async fn answer(
    State(factorial): State<Arc<Factorial>>,
    ConnectInfo(link): ConnectInfo<Link>,
    request: Request,
) -> Response<Body> {
    let (method, uri, headers) = (request.method(), request.uri(), request.headers());
    let query = Query::parse(uri.query());
    let target = Target::parse(method, uri.path());
    let list = matches!(target, Target::List(..));
    let call = Call {
        path: uri.path(),
        data: true,
        list,
        page: Some(paging::page_number(&query)),
    };
    gate::pass(&factorial.stage, &link, method.as_str(), uri.query(), call, |faults| {
        factorial
            .answer_data(&target, headers, &query, faults)
            .unwrap_or_else(Reply::from)
    })
    .await
}

impl Factorial {
    fn answer_data(
        &self,
        target: &Target,
        headers: &HeaderMap,
        query: &Query,
        faults: &Faults,
    ) -> Result<Reply, Refusal> {
        let caller = {
            let mut tokens = self.tokens();
            if faults.shows(Sign::TokensDie) {
                tokens.kill_accesses();
            }
            auth::identify(
                headers,
                &self.keys,
                faults.shows(Sign::KeysRefused),
                &mut tokens,
                self.stage.clock.unix_seconds(),
            )?
        };
        let companies = self.stage.companies();
        let company = companies.get(caller.company).ok_or(Refusal::NotFound)?;
        let view = |version| View::of(company, version, caller.user(), faults);
        match target {
            Target::Nothing => Err(Refusal::NotFound),
            Target::Credentials(version) => {
                let mut row = Vec::new();
                credential::write(&view(*version), &caller, &mut row)?;
                let (_, meta) = paging::cut(&[1], &Query::default(), &Faults::default())?;
                Ok(Reply::json(200, envelope(&[row], &meta)?))
            }
            Target::List(version, resource) => self.list(&caller, &view(*version), *resource, query, faults),
            Target::One(version, resource, id) => {
                let view = view(*version);
                caller.check(*resource)?;
                let ids = self.select(&caller, &view, *resource, &Query::default())?;
                ids.binary_search(id).map_err(|_| Refusal::NotFound)?;
                let mut row = Vec::new();
                write_row(&view, *resource, *id, &caller.veil(*resource, faults), &mut row)?;
                Ok(Reply::json(200, row))
            }
        }
    }

    fn list(
        &self,
        caller: &Caller,
        view: &View,
        resource: &dyn Resource,
        query: &Query,
        faults: &Faults,
    ) -> Result<Reply, Refusal> {
        caller.check(resource)?;
        let mut ids = self.select(caller, view, resource, query)?;
        let missing = faults.short_list.filter(|_| resource.lists_people());
        let named = query.ids("ids[]");
        if named.is_some() || missing.is_some() || faults.shows(Sign::Empty) {
            let stays = |id: u64| {
                !faults.shows(Sign::Empty)
                    && named.as_ref().is_none_or(|named| named.binary_search(&id).is_ok())
                    && missing.is_none_or(|share| !is_missing(share, id))
            };
            Arc::make_mut(&mut ids).retain(|id| stays(*id));
        }
        let (page, meta) = paging::cut(&ids, query, faults)?;
        let veil = caller.veil(resource, faults);
        let mut body = Vec::with_capacity(64 + page.len() * 2_000);
        body.extend_from_slice(b"{\"data\":[");
        for (position, id) in page.into_iter().enumerate() {
            if position > 0 {
                body.push(b',');
            }
            write_row(view, resource, id, &veil, &mut body)?;
        }
        body.extend_from_slice(b"],\"meta\":");
        serde_json::to_writer(&mut body, &meta)?;
        body.push(b'}');
        Ok(Reply::json(200, body))
    }

    /// The ids a list is made of. Whole lists are kept until anything changes, so that paging through one costs no more at its
    /// end than at its beginning.
    fn select(
        &self,
        caller: &Caller,
        view: &View,
        resource: &dyn Resource,
        query: &Query,
    ) -> Result<Arc<Vec<u64>>, Refusal> {
        if query.filters() || !view.is_whole() {
            return Ok(Arc::new(resource.select(view, query)?));
        }
        let key = (caller.company, resource.path());
        if let Some((revision, ids)) = self.lists().get(&key)
            && *revision == view.company.revision
        {
            return Ok(Arc::clone(ids));
        }
        let ids = Arc::new(resource.select(view, query)?);
        self.lists().insert(key, (view.company.revision, Arc::clone(&ids)));
        Ok(ids)
    }
}

impl Caller {
    /// Group and employee id of a user.
    fn user(&self) -> Option<(&super::PermissionGroup, u64)> {
        match &self.means {
            Means::Key | Means::CompanyToken => None,
            Means::UserToken { group, employee_id } => Some((group, *employee_id)),
        }
    }

    fn check(&self, resource: &dyn Resource) -> Result<(), Refusal> {
        match self.user() {
            Some((group, _)) if group.forbidden_resources.iter().any(|path| path == resource.path()) => {
                Err(Refusal::Forbidden)
            }
            Some(_) | None => Ok(()),
        }
    }

    fn veil(&self, resource: &dyn Resource, faults: &Faults) -> Veil {
        let hidden = self.user().map(|(group, _)| &group.hidden_fields).into_iter().flatten();
        Veil::over(resource.path(), hidden.chain(&faults.narrow), &faults.dropped)
    }
}

fn write_row(view: &View, resource: &dyn Resource, id: u64, veil: &Veil, out: &mut Vec<u8>) -> Result<(), Refusal> {
    if veil.is_clear() {
        return resource.write(view, id, out);
    }
    let mut plain = Vec::new();
    resource.write(view, id, &mut plain)?;
    let mut row: Map<String, Value> = serde_json::from_slice(&plain)?;
    veil.draw_over(&mut row);
    Ok(serde_json::to_writer(out, &row)?)
}

fn envelope(rows: &[Vec<u8>], meta: &paging::Meta) -> Result<Vec<u8>, Refusal> {
    let mut body = b"{\"data\":[".to_vec();
    body.extend(rows.join(&b','));
    body.extend_from_slice(b"],\"meta\":");
    serde_json::to_writer(&mut body, meta)?;
    body.push(b'}');
    Ok(body)
}
