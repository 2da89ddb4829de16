//! What holds of any tenant.
