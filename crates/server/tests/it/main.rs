//! Black box: the real binary, over HTTP, with its files on a real disk.

mod support;
mod tidy;
