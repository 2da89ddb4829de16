//! Token endpoints that are asked by GET: the grant type stands in a header of its own, and a name with its password (RFC 7617) or the refresh
//! token in `Authorization`. No RFC has this, and some servers do.

use jiff::{SignedDuration, Timestamp};

use super::{Error, Grant, read, refused};
use crate::{
    connection::TokenSet,
    connector::answer::into_text,
    http::{Request, Session, basic},
};

/// Asks a token endpoint by headers. `request` leads there. The tokens are good for `life` where the answer does not say for how long.
///
/// # Errors
/// [`Error`] where it gives no access token, or where a grant of this kind is not asked for in this way.
pub async fn ask_by_header(
    session: &Session,
    request: Request,
    grant: Grant<'_>,
    life: SignedDuration,
    now: Timestamp,
) -> Result<TokenSet, Error> {
    let request = request.header("accept", "application/json".to_owned());
    let request = match grant {
        Grant::Password { user, password } => request
            .header("authorization", basic(user, password))
            .header("grant_type", "password".to_owned()),
        Grant::Refresh(token) => request.bearer(token).header("grant_type", "refresh_token".to_owned()),
        Grant::Code { .. } | Grant::Client { .. } => {
            return Err(Error::Malformed("this grant is not asked for by headers".to_owned()));
        }
    };
    let response = session.send(&request).await.map_err(Error::NoAnswer)?;
    let (status, is_success) = (response.status(), response.is_success());
    let text = into_text(response);
    if !is_success {
        return Err(refused(status, &text));
    }
    let tokens = read(&text, grant, now)?;
    Ok(TokenSet {
        expires_at: tokens.expires_at.or_else(|| now.checked_add(life).ok()),
        ..tokens
    })
}
