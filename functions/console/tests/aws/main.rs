//! Where a function learns its region, its credentials and the addresses of AWS: the real program, started in each way.

#[cfg(test)]
mod start;
