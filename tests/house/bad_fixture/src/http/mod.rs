//! A client for everybody that makes an exception for one.

pub fn send(host: &str, client: &reqwest::Client) {
    if host == "api.personio.example" {
        crate::source::factorial::fetch();
    }
}
