//! The web app is compiled in: build again when it was.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist/index.html");
}
