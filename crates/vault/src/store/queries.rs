//! What is asked of the vault's database.

use super::{OperationHead, PersonRow, ROWS_PER_STATEMENT, SealedRow, StoreError, of_people};
use crate::SealedOperation;
use crate::blind::BlindHash;
use domain::{ProjectId, Pseudonym, Timestamp};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

type PersonColumns = (Vec<u8>, Vec<u8>, Option<Vec<u8>>);
/// Person, sequence, field, operation, and either the digest or what is sealed.
type OperationColumns = (Vec<u8>, i64, String, i64, Vec<u8>);

pub(crate) async fn position(connection: &mut SqliteConnection) -> Result<u64, StoreError> {
    let position: Option<i64> =
        sqlx::query_scalar("SELECT position FROM intake WHERE id = 1").fetch_optional(connection).await?;
    u64::try_from(position.unwrap_or(0)).map_err(|_| StoreError::Malformed("log position"))
}

pub(crate) async fn persons(
    connection: &mut SqliteConnection,
    project: ProjectId,
    who: &[Pseudonym],
) -> Result<Vec<PersonRow>, StoreError> {
    let mut found = Vec::with_capacity(who.len());
    for some in who.chunks(ROWS_PER_STATEMENT) {
        let mut query = of_people("SELECT pseudonym, wrapped_key, sealed_id FROM person", project, some);
        let rows: Vec<PersonColumns> = query.build_query_as().fetch_all(&mut *connection).await?;
        for (who, wrapped_key, sealed_id) in rows {
            found.push(PersonRow { who: pseudonym(&who)?, wrapped_key, sealed_id });
        }
    }
    Ok(found)
}

/// What was done to those people's fields, in order.
pub(crate) async fn operation_heads(
    connection: &mut SqliteConnection,
    project: ProjectId,
    who: &[Pseudonym],
) -> Result<Vec<OperationHead>, StoreError> {
    let mut found = vec![];
    for some in who.chunks(ROWS_PER_STATEMENT) {
        let select = "SELECT pseudonym, sequence, field, operation, digest FROM sealed_operation";
        let mut query = of_people(select, project, some);
        query.push(" ORDER BY pseudonym, sequence");
        let rows: Vec<OperationColumns> = query.build_query_as().fetch_all(&mut *connection).await?;
        for (who, sequence, field, code, digest) in rows {
            let digest = digest.try_into().map_err(|_| StoreError::Malformed("digest"))?;
            found.push(OperationHead {
                who: pseudonym(&who)?,
                sequence,
                field,
                operation: operation(code)?,
                digest,
            });
        }
    }
    Ok(found)
}

/// What was done to those people's fields, in order, as it is sealed.
pub(crate) async fn sealed_operations(
    connection: &mut SqliteConnection,
    project: ProjectId,
    who: &[Pseudonym],
) -> Result<Vec<SealedRow>, StoreError> {
    let mut found = vec![];
    for some in who.chunks(ROWS_PER_STATEMENT) {
        let select = "SELECT pseudonym, sequence, field, operation, sealed FROM sealed_operation";
        let mut query = of_people(select, project, some);
        query.push(" ORDER BY pseudonym, sequence");
        let rows: Vec<OperationColumns> = query.build_query_as().fetch_all(&mut *connection).await?;
        for (who, sequence, field, code, sealed) in rows {
            found.push(SealedRow {
                who: pseudonym(&who)?,
                sequence,
                field,
                operation: operation(code)?,
                sealed,
            });
        }
    }
    Ok(found)
}

/// Which of these are erased.
pub(crate) async fn erased_among(
    connection: &mut SqliteConnection,
    project: ProjectId,
    who: &[Pseudonym],
) -> Result<Vec<Pseudonym>, StoreError> {
    let mut found = vec![];
    for some in who.chunks(ROWS_PER_STATEMENT) {
        let mut query = of_people("SELECT pseudonym FROM erased", project, some);
        let rows: Vec<Vec<u8>> = query.build_query_scalar().fetch_all(&mut *connection).await?;
        for row in rows {
            found.push(pseudonym(&row)?);
        }
    }
    Ok(found)
}

/// All tombstones, of one project or of all.
pub(crate) async fn erased(
    connection: &mut SqliteConnection,
    project: Option<ProjectId>,
) -> Result<Vec<(ProjectId, Pseudonym, Timestamp)>, StoreError> {
    let rows: Vec<(i64, Vec<u8>, i64)> = sqlx::query_as(
        "SELECT project, pseudonym, erased_at FROM erased WHERE $1 OR project = $2 ORDER BY project, pseudonym",
    )
    .bind(project.is_none())
    .bind(project.map_or(0, |project| i64::from(project.0)))
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|(project, who, at)| {
            let project = u32::try_from(project).map_err(|_| StoreError::Malformed("project"))?;
            Ok((ProjectId(project), pseudonym(&who)?, Timestamp::from_millis(at)))
        })
        .collect()
}

/// Whose identifiers these are: pairs of hash and person.
pub(crate) async fn find(
    connection: &mut SqliteConnection,
    project: ProjectId,
    hashes: &[BlindHash],
) -> Result<Vec<(BlindHash, Pseudonym)>, StoreError> {
    let mut found = vec![];
    for some in hashes.chunks(ROWS_PER_STATEMENT) {
        let mut query =
            QueryBuilder::<Sqlite>::new("SELECT DISTINCT hash, pseudonym FROM blind_index WHERE project = ");
        query.push_bind(i64::from(project.0)).push(" AND hash IN (");
        let mut list = query.separated(", ");
        some.iter().for_each(|hash| {
            list.push_bind(hash.0.to_vec());
        });
        query.push(")");
        let rows: Vec<(Vec<u8>, Vec<u8>)> = query.build_query_as().fetch_all(&mut *connection).await?;
        for (hash, who) in rows {
            let hash = hash.try_into().map_err(|_| StoreError::Malformed("hash"))?;
            found.push((BlindHash(hash), pseudonym(&who)?));
        }
    }
    Ok(found)
}

fn operation(code: i64) -> Result<SealedOperation, StoreError> {
    let code = u8::try_from(code).ok().and_then(SealedOperation::from_code);
    code.ok_or(StoreError::Malformed("operation"))
}

fn pseudonym(bytes: &[u8]) -> Result<Pseudonym, StoreError> {
    bytes.try_into().map(Pseudonym).map_err(|_| StoreError::Malformed("pseudonym"))
}
