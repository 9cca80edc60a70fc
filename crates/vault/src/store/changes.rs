//! What changes in the vault's database.

use super::{IndexRow, OperationHead, PersonRow, ROWS_PER_STATEMENT, StoreError, of_people};
use domain::{ProjectId, Pseudonym, Timestamp};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

pub(crate) async fn set_position(connection: &mut SqliteConnection, position: u64) -> Result<(), StoreError> {
    let position = i64::try_from(position).map_err(|_| StoreError::Malformed("log position"))?;
    sqlx::query(
        "INSERT INTO intake (id, position) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET position = excluded.position",
    )
    .bind(position)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn insert_persons(
    connection: &mut SqliteConnection,
    project: ProjectId,
    rows: &[PersonRow],
) -> Result<(), StoreError> {
    for some in rows.chunks(ROWS_PER_STATEMENT) {
        let mut query =
            QueryBuilder::<Sqlite>::new("INSERT INTO person (project, pseudonym, wrapped_key, sealed_id) ");
        query.push_values(some, |mut row, person| {
            row.push_bind(i64::from(project.0))
                .push_bind(person.who.0.to_vec())
                .push_bind(person.wrapped_key.clone())
                .push_bind(person.sealed_id.clone());
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

pub(crate) async fn set_sealed_id(
    connection: &mut SqliteConnection,
    project: ProjectId,
    who: Pseudonym,
    sealed_id: Vec<u8>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE person SET sealed_id = $1 WHERE project = $2 AND pseudonym = $3")
        .bind(sealed_id)
        .bind(i64::from(project.0))
        .bind(who.0.to_vec())
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn insert_operations(
    connection: &mut SqliteConnection,
    project: ProjectId,
    rows: Vec<(OperationHead, Vec<u8>)>,
) -> Result<(), StoreError> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO sealed_operation (project, pseudonym, sequence, field, operation, digest, sealed) ",
        );
        query.push_values(rows.by_ref().take(ROWS_PER_STATEMENT), |mut values, (row, sealed)| {
            values
                .push_bind(i64::from(project.0))
                .push_bind(row.who.0.to_vec())
                .push_bind(row.sequence)
                .push_bind(row.field)
                .push_bind(i64::from(row.operation.code()))
                .push_bind(row.digest.to_vec())
                .push_bind(sealed);
        });
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

pub(crate) async fn insert_index(
    connection: &mut SqliteConnection,
    project: ProjectId,
    rows: &[IndexRow],
) -> Result<(), StoreError> {
    for some in rows.chunks(ROWS_PER_STATEMENT) {
        let mut query =
            QueryBuilder::<Sqlite>::new("INSERT INTO blind_index (project, hash, pseudonym, sequence) ");
        query.push_values(some, |mut values, row| {
            values
                .push_bind(i64::from(project.0))
                .push_bind(row.hash.0.to_vec())
                .push_bind(row.who.0.to_vec())
                .push_bind(row.sequence);
        });
        // One value may hold the same address twice.
        query.push(" ON CONFLICT DO NOTHING");
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Deletes operations and the index entries that stem from them.
pub(crate) async fn delete_operations(
    connection: &mut SqliteConnection,
    project: ProjectId,
    places: &[(Pseudonym, i64)],
) -> Result<(), StoreError> {
    for some in places.chunks(ROWS_PER_STATEMENT) {
        let mut people: Vec<Pseudonym> = some.iter().map(|(who, _)| *who).collect();
        people.dedup();
        for table in ["sealed_operation", "blind_index"] {
            // The list of people is there for the planner: by the pairs alone it would read the whole project.
            let mut query = of_people(&format!("DELETE FROM {table}"), project, &people);
            query.push(" AND (pseudonym, sequence) IN (");
            query.push_values(some, |mut place, (who, sequence)| {
                place.push_bind(who.0.to_vec()).push_bind(*sequence);
            });
            query.push(")");
            query.build().execute(&mut *connection).await?;
        }
    }
    Ok(())
}

/// Deletes all that is held of these people and sets their tombstones.
pub(crate) async fn erase(
    connection: &mut SqliteConnection,
    project: ProjectId,
    who: &[Pseudonym],
    at: Timestamp,
) -> Result<(), StoreError> {
    for some in who.chunks(ROWS_PER_STATEMENT) {
        for table in ["person", "sealed_operation", "blind_index"] {
            of_people(&format!("DELETE FROM {table}"), project, some)
                .build()
                .execute(&mut *connection)
                .await?;
        }
        let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO erased (project, pseudonym, erased_at) ");
        query.push_values(some, |mut values, who| {
            values.push_bind(i64::from(project.0)).push_bind(who.0.to_vec()).push_bind(at.millis());
        });
        query.push(" ON CONFLICT DO NOTHING");
        query.build().execute(&mut *connection).await?;
    }
    Ok(())
}
