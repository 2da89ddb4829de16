//! A place in the list of one API is none in the other.

use rollcall::{roster::Read, source::Class, testing::contract::source::slice::slice};

use super::support::{EMPLOYEES, Lucca, USERS};

#[tokio::test]
async fn r44_a_place_in_the_list_of_one_api_is_none_in_the_other() {
    let hr = Lucca::start(250).await;
    let [key, client] = hr.ways().await;
    assert_eq!((key.people, client.people), (USERS, EMPLOYEES));
    for (one, other) in [(&key, &client), (&client, &key)] {
        let source = hr.open(one.credential.clone());
        let Read::Paused { position, .. } = slice(source.as_ref(), None, 1).await.unwrap() else {
            panic!("there are several pages");
        };
        let source = hr.open(other.credential.clone());
        let error = slice(source.as_ref(), Some(position), 1).await.unwrap_err();
        assert_eq!(error.class, Class::Expired, "{}", other.people);
    }
}
