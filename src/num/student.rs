//! Quantiles of Student's t distribution.

use super::beta::beta_quantile;

/// The `p`-quantile of Student's t distribution with `degrees` of freedom (above 0).
///
/// `p` lies strictly between 0 and 1. From the quantile of the beta law: `degrees / (degrees + t^2)` follows the beta law
/// with parameters degrees/2 and 1/2, and its complement the mirrored one; whichever is small keeps its digits.
#[must_use]
pub fn student_quantile(p: f64, degrees: f64) -> f64 {
    let both_tails = 2.0 * p.min(1.0 - p);
    let rest = beta_quantile(both_tails, 0.5 * degrees, 0.5);
    let t = if rest < 0.5 {
        (degrees * (1.0 - rest) / rest).sqrt()
    } else {
        let share = beta_quantile(1.0 - both_tails, 0.5, 0.5 * degrees);
        (degrees * share / (1.0 - share)).sqrt()
    };
    if p < 0.5 { -t } else { t }
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{ContinuousCDF, StudentsT};

    use super::*;

    #[test]
    fn agrees_with_statrs_and_with_tables() {
        for degrees in [1.0, 2.0, 7.0, 15.0, 31.0, 319.0, 5000.0] {
            let oracle = StudentsT::new(0.0, 1.0, degrees).unwrap();
            for p in [0.01, 0.025, 0.05, 0.4, 0.6, 0.95, 0.975, 0.9995, 0.999_999] {
                let t = student_quantile(p, degrees);
                assert!((oracle.cdf(t) - p).abs() < 1e-8 * (1.0 - p).max(1e-3), "p {p}, degrees {degrees}: {t}");
            }
        }
        assert!((student_quantile(0.975, 7.0) - 2.364_624).abs() < 1e-6);
        assert!((student_quantile(0.95, 15.0) - 1.753_050).abs() < 1e-6);
    }

    #[test]
    fn the_median_is_zero_and_the_law_is_symmetric() {
        assert!(student_quantile(0.5, 9.0).abs() < 1e-12);
        assert!((student_quantile(0.1, 9.0) + student_quantile(0.9, 9.0)).abs() < 1e-12);
    }
}
