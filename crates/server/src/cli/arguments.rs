use crate::settings::Settings;
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::ProjectId;
use domain::access::ReadScope;
use domain::identity::IdentityMode;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Product analytics that makes a breach of the analytics vendor a non-event.
#[derive(Parser, Debug)]
#[command(name = "bulkhead", version, about, propagate_version = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Make keys, a first project, a service account and a one-time link for the first operator.
    Init(Init),
    /// Run the server. On an empty data directory it makes what `init` makes.
    Serve(Serve),
    /// Run the server with a realistic product in it and a live trickle of events.
    Demo(Demo),
    /// Make and list projects.
    #[command(subcommand)]
    Project(ProjectCommand),
    /// Make service accounts: credentials for programs that read.
    #[command(subcommand)]
    ServiceAccount(ServiceAccountCommand),
    /// One-time sign-in links for operators.
    #[command(subcommand)]
    Operator(OperatorCommand),
    /// Make lookup tables, which clients then fill.
    #[command(subcommand)]
    LookupTable(LookupTableCommand),
    /// Check and prove the ledger of reads.
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Check every stored file and name damage precisely. Changes nothing.
    Fsck(Place),
    /// Check the surroundings: disk, permissions, key, clock, ports, data files.
    Doctor(Doctor),
    /// Print the OpenAPI document of our own API.
    Openapi,
}

/// Where the data is.
#[derive(Args, Clone, Debug)]
pub struct Place {
    /// Directory that holds everything but the root key.
    #[arg(long, env = "BULKHEAD_DATA_DIR", default_value = "bulkhead-data")]
    pub data_dir: PathBuf,
    /// Root key file; default: the data directory's name with `.key` behind it.
    #[arg(long, env = "BULKHEAD_KEY_FILE")]
    pub key_file: Option<PathBuf>,
    /// Print JSON, for programs.
    #[arg(long)]
    pub json: bool,
}

impl Place {
    pub fn settings(&self) -> Settings {
        Settings { data_dir: self.data_dir.clone(), key_file: self.key_file.clone(), ..Settings::default() }
    }
}

#[derive(Args, Debug)]
pub struct Init {
    #[command(flatten)]
    pub place: Place,
    /// Name of the first project.
    #[arg(long, default_value = "My product")]
    pub project: String,
    /// Time zone of its reports, such as Europe/Bucharest.
    #[arg(long, default_value = "UTC")]
    pub timezone: String,
    /// How ids of one person are brought together; fixed once there is data.
    #[arg(long, value_enum, default_value_t = IdentityModeArgument::Simplified)]
    pub identity_mode: IdentityModeArgument,
    /// What the first service account may see.
    #[arg(long, value_enum, default_value_t = ScopeArgument::Pseudonymous)]
    pub scope: ScopeArgument,
    /// Address that the enrolment link shall begin with.
    #[arg(long)]
    pub public_url: Option<String>,
}

#[derive(Args, Debug)]
pub struct Serve {
    /// Settings file (TOML).
    #[arg(long, env = "BULKHEAD_CONFIG")]
    pub config: Option<PathBuf>,
    /// Directory that holds everything but the root key.
    #[arg(long)]
    pub data_dir: Option<PathBuf>,
    /// Root key file; default: the data directory's name with `.key` behind it.
    #[arg(long)]
    pub key_file: Option<PathBuf>,
    /// Address and port to listen on.
    #[arg(long)]
    pub listen: Option<SocketAddr>,
}

#[derive(Args, Debug)]
pub struct Demo {
    /// Where to keep the demo's data; default: a fresh temporary directory, removed at the end.
    #[arg(long)]
    pub data_dir: Option<PathBuf>,
    #[arg(long, default_value = "127.0.0.1:8686")]
    pub listen: SocketAddr,
    /// Seed of the story: the same seed tells the same story.
    #[arg(long, default_value_t = 2026)]
    pub seed: u64,
    /// People in the story.
    #[arg(long, default_value_t = 6000)]
    pub people: u32,
    /// Days of history.
    #[arg(long, default_value_t = 75)]
    pub days: u32,
    /// Stop once the history is in, without the live trickle (for tests).
    #[arg(long, hide = true)]
    pub exit_when_seeded: bool,
}

#[derive(Subcommand, Debug)]
pub enum ProjectCommand {
    /// Make a project and print its token and secret (shown this once).
    Create {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        name: String,
        #[arg(long, default_value = "UTC")]
        timezone: String,
        #[arg(long, value_enum, default_value_t = IdentityModeArgument::Simplified)]
        identity_mode: IdentityModeArgument,
    },
    /// List projects.
    List {
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Subcommand, Debug)]
pub enum ServiceAccountCommand {
    /// Make a service account and print its secret (shown this once).
    Create {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        project: ProjectId,
        #[arg(long)]
        name: String,
        #[arg(long, value_enum, default_value_t = ScopeArgument::Pseudonymous)]
        scope: ScopeArgument,
    },
}

#[derive(Subcommand, Debug)]
pub enum OperatorCommand {
    /// Print a new one-time sign-in link for the first operator.
    Link {
        #[command(flatten)]
        place: Place,
        /// Address that the link shall begin with.
        #[arg(long)]
        public_url: Option<String>,
    },
}

#[derive(Subcommand, Debug)]
pub enum LookupTableCommand {
    /// Make an empty lookup table; fill it with PUT /lookup-tables/ID.
    Create {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        project: ProjectId,
        #[arg(long)]
        id: String,
        #[arg(long)]
        name: String,
    },
}

#[derive(Subcommand, Debug)]
pub enum LedgerCommand {
    /// Check the whole ledger: every leaf, tile, proof and set of people against the signed checkpoint.
    Verify(Place),
    /// Print the inclusion proof of one leaf.
    Prove {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        index: u64,
    },
}

#[derive(Args, Debug)]
pub struct Doctor {
    #[command(flatten)]
    pub place: Place,
    #[arg(long, default_value = "127.0.0.1:8686")]
    pub listen: SocketAddr,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum IdentityModeArgument {
    Simplified,
    Original,
}

impl From<IdentityModeArgument> for IdentityMode {
    fn from(argument: IdentityModeArgument) -> Self {
        match argument {
            IdentityModeArgument::Simplified => Self::Simplified,
            IdentityModeArgument::Original => Self::Original,
        }
    }
}

#[derive(ValueEnum, Clone, Copy, Debug)]
pub enum ScopeArgument {
    Pseudonymous,
    Identified,
}

impl From<ScopeArgument> for ReadScope {
    fn from(argument: ScopeArgument) -> Self {
        match argument {
            ScopeArgument::Pseudonymous => Self::Pseudonymous,
            ScopeArgument::Identified => Self::Identified,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::Arguments::command().debug_assert();
    }
}
