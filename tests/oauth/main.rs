//! Logins and refreshes at a strict, real authorization server (R40): npm `oidc-provider`, which checks clients, redirect
//! addresses and single-use codes, rotates refresh tokens, and revokes the whole family where an old one is used. The
//! emulated HR system stands behind it.

#[cfg(test)]
mod client;
#[cfg(test)]
mod login;
#[cfg(test)]
mod refresh;
#[cfg(test)]
mod support;
