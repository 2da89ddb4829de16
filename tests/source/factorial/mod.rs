//! What is particular to Factorial: its answers name the company, keys and tokens show the same, rights hide members.

mod company;
mod login;
mod permission;
