/// Counts of the 256 levels of brightness.
pub struct Histogram([u32; 256]);

impl Histogram {
    pub fn of(pixels: &[u8]) -> Self {
        let mut counts = [0; 256];
        for &pixel in pixels {
            counts[pixel as usize] += 1;
        }
        Histogram(counts)
    }

    /// Spread the levels so that all are used alike.
    pub fn equalize(&self, pixels: &mut [u8]) {
        let total: u32 = self.0.iter().sum();
        let mut seen = 0;
        let table: Vec<u8> = self.0.iter().map(|count| {
            seen += count;
            (255 * seen / total.max(1)) as u8
        }).collect();
        for pixel in pixels {
            *pixel = table[*pixel as usize];
        }
    }
}
