//! The suite of sources (`testing/contract/source`): every case is a test of its own, for each HR system in each of its ways to
//! be read. An HR system has its adapter in the file of its name.

/// A test for each case of the suite, in one way to be read.
macro_rules! tests {
    (($own:path) $($file:ident::$case:ident($people:literal);)*) => {
        $(
            #[tokio::test]
            async fn $case() {
                if let Some(stand) = crate::suite::stand::Stand::start(&$own, stringify!($case), $people).await {
                    rollcall::testing::contract::source::$file::$case(&stand).await;
                }
            }
        )*
    };
}

mod bamboohr;
mod count;
mod factorial;
mod lucca;
mod stand;

use rollcall::source::Kind;

use self::stand::Own;

/// Returns the ways in which an HR system is read, by the names of the modules in which their tests are.
fn ways(kind: Kind) -> Vec<(&'static str, &'static Own)> {
    match kind {
        Kind::BambooHr => vec![("bamboohr::by_login", &bamboohr::BY_LOGIN)],
        Kind::Factorial => vec![("factorial::by_login", &factorial::BY_LOGIN)],
        Kind::Lucca => vec![
            ("lucca::by_key", &lucca::BY_KEY),
            ("lucca::by_client", &lucca::BY_CLIENT),
        ],
    }
}
