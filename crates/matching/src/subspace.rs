//! The few directions that hold most of a thin matrix, by subspace iteration (Halko, Martinsson and Tropp 2011).
//!
//! Knows numbers only. The start is drawn from the names of the columns, so the answer depends on what the rows
//! hold and never on chance.

/// The filled cells of a row: column and value.
pub type Row = Vec<(usize, f32)>;

/// How often rows and columns are gone through; more changes no ranking that was measured.
const ROUNDS: usize = 12;

/// A row scaled to length one; an empty one stays empty.
pub fn unit(mut row: Row) -> Row {
    let length = row.iter().map(|(_, value)| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        row.iter_mut().for_each(|(_, value)| *value /= length);
    }
    row
}

/// For each column `K` numbers: an orthonormal basis of the directions in which the rows are longest. `names` are
/// the columns' names, different from each other.
pub fn leading<const K: usize>(rows: &[Row], names: &[u64]) -> Vec<f32> {
    let mut basis: Vec<f32> =
        names.iter().flat_map(|name| (0..K as u64).map(move |at| drawn(*name, at))).collect();
    orthonormal::<K>(&mut basis);
    for _ in 0..ROUNDS {
        let mut next = vec![0.0_f32; basis.len()];
        for row in rows {
            let along = project::<K>(row, &basis);
            for (column, value) in row {
                let place = next.get_mut(column * K..(column + 1) * K).unwrap_or_default();
                place.iter_mut().zip(&along).for_each(|(sum, along)| *sum += value * along);
            }
        }
        orthonormal::<K>(&mut next);
        basis = next;
    }
    basis
}

fn project<const K: usize>(row: &Row, basis: &[f32]) -> [f32; K] {
    let mut along = [0.0_f32; K];
    for (column, value) in row {
        let place = basis.get(column * K..(column + 1) * K).unwrap_or_default();
        along.iter_mut().zip(place).for_each(|(sum, of)| *sum += value * of);
    }
    along
}

/// Makes the `K` columns of a table of rows of `K` orthonormal (Gram and Schmidt, twice for rounding). A column that
/// lies in those before it becomes zero.
fn orthonormal<const K: usize>(table: &mut [f32]) {
    for at in (0..K).flat_map(|at| [at, at]) {
        let mut shares = [0.0_f64; K];
        for row in table.chunks_exact(K) {
            let own = f64::from(value(row, at));
            shares.iter_mut().zip(row).take(at).for_each(|(sum, of)| *sum += own * f64::from(*of));
        }
        let mut square = 0.0_f64;
        for row in table.chunks_exact_mut(K) {
            let taken: f64 = shares.iter().zip(row.iter()).take(at).map(|(s, of)| s * f64::from(*of)).sum();
            let left = f64::from(value(row, at)) - taken;
            square += left * left;
            set(row, at, left as f32);
        }
        let scale = if square > 1e-12 { square.sqrt().recip() as f32 } else { 0.0 };
        for row in table.chunks_exact_mut(K) {
            let scaled = value(row, at) * scale;
            set(row, at, scaled);
        }
    }
}

fn value(row: &[f32], at: usize) -> f32 {
    row.get(at).copied().unwrap_or_default()
}

fn set(row: &mut [f32], at: usize, value: f32) {
    if let Some(place) = row.get_mut(at) {
        *place = value;
    }
}

/// A number from −1 to 1 that goes by a name alone (SplitMix64).
fn drawn(name: u64, at: u64) -> f32 {
    let mut z = name.wrapping_add(at.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directions_are_orthonormal_and_hold_the_longest() {
        // Three columns that vary far, little, and not at all.
        let rows: Vec<Row> =
            (0..50).map(|at| vec![(0, (at % 7) as f32 - 3.0), (1, 0.1 * ((at % 3) as f32 - 1.0))]).collect();
        let basis = leading::<2>(&rows, &[11, 12, 13]);
        let dot = |a: usize, b: usize| (0..3).map(|row| basis[row * 2 + a] * basis[row * 2 + b]).sum::<f32>();
        assert!((dot(0, 0) - 1.0).abs() < 1e-5 && (dot(1, 1) - 1.0).abs() < 1e-5 && dot(0, 1).abs() < 1e-5);
        let held = |column: usize| basis[column * 2].hypot(basis[column * 2 + 1]);
        assert!(held(0) > 0.999 && held(1) > 0.999 && held(2) < 1e-3, "{basis:?}");
    }

    #[test]
    fn a_direction_without_rows_is_nothing() {
        assert!(leading::<3>(&[], &[1, 2]).iter().all(|value| *value == 0.0));
        assert_eq!(leading::<3>(&[], &[]), Vec::<f32>::new());
    }
}
