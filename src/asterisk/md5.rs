//! MD5 (RFC 1321), because AMI's login by challenge knows nothing else. It proves who knows a secret without sending it;
//! nothing else here may be made to rest on it.

/// How far each step turns its word.
const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

const BLOCK_BYTES: usize = 64;

/// In hexadecimal digits.
pub(super) fn md5_hex(message: &[u8]) -> String {
    let mut state: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    let constants = constants();
    padded(message).chunks_exact(BLOCK_BYTES).for_each(|block| mix(&mut state, block, &constants));
    state.iter().flat_map(|word| word.to_le_bytes()).map(|byte| format!("{byte:02x}")).collect()
}

/// Filled up to whole blocks: a bit, zeros, the length in bits.
fn padded(message: &[u8]) -> Vec<u8> {
    let mut bytes = message.to_vec();
    bytes.push(0x80);
    while bytes.len() % BLOCK_BYTES != BLOCK_BYTES - 8 {
        bytes.push(0);
    }
    let bits = (message.len() as u64).wrapping_mul(8);
    bytes.extend_from_slice(&bits.to_le_bytes());
    bytes
}

/// The first 32 bits of the fraction of each sine, as the RFC has them.
fn constants() -> [u32; 64] {
    std::array::from_fn(|step| {
        let angle = u32::try_from(step + 1).unwrap_or_default();
        // Below 2^32 and not negative: nothing is cut off but the fraction.
        (f64::from(angle).sin().abs() * 4_294_967_296.0) as u32
    })
}

fn mix(state: &mut [u32; 4], block: &[u8], constants: &[u32; 64]) {
    let words: [u32; 16] = std::array::from_fn(|word| {
        let bytes = &block[4 * word..4 * word + 4];
        u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    });
    let [mut a, mut b, mut c, mut d] = *state;
    for step in 0..64 {
        let (mixed, word) = match step / 16 {
            0 => ((b & c) | (!b & d), step),
            1 => ((d & b) | (!d & c), 5 * step + 1),
            2 => (b ^ c ^ d, 3 * step + 5),
            _ => (c ^ (b | !d), 7 * step),
        };
        let sum = a.wrapping_add(mixed).wrapping_add(constants[step]).wrapping_add(words[word % 16]);
        (a, d, c, b) = (d, c, b, b.wrapping_add(sum.rotate_left(SHIFTS[step / 16][step % 4])));
    }
    for (own, new) in state.iter_mut().zip([a, b, c, d]) {
        *own = own.wrapping_add(new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digests_are_those_of_the_rfc_and_of_asterisk() {
        for (message, digest) in [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a",
            ),
            // What a living Asterisk took for the secret `s3cret`.
            ("794042292s3cret", "ed90bb3c728f9b296c34cf47d7f3f8f0"),
        ] {
            assert_eq!(md5_hex(message.as_bytes()), digest, "{message}");
        }
    }
}
