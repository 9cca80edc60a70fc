//! The table at the end.

use crate::Failure;

pub struct Report(Vec<(String, String, &'static str)>);

impl Report {
    pub fn new(binary: &str) -> Result<Self, Failure> {
        let mut report = Self(Vec::new());
        let size = std::fs::metadata(binary)?.len();
        report.line("release binary", format!("{:.1} MB", size as f64 / 1e6), "≤ 120 MB");
        Ok(report)
    }

    pub fn line(&mut self, what: &str, seen: String, goal: &'static str) {
        eprintln!("{what}: {seen}");
        self.0.push((what.to_owned(), seen, goal));
    }

    #[expect(clippy::print_stdout, reason = "this is what the program is for")]
    pub fn print(&self) {
        println!("\n| measured | seen | goal |\n|---|---|---|");
        for (what, seen, goal) in &self.0 {
            println!("| {what} | {seen} | {goal} |");
        }
    }
}
