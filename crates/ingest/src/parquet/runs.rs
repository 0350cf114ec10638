//! Small numbers as Parquet's hybrid of runs: a number that comes again and again is told once with its count, all others are packed
//! with as few bits as the greatest needs. (Apache Parquet, "Encodings", RLE = 3.)

/// Numbers that are packed together: as many as fill whole bytes with any number of bits.
const GROUP: usize = 8;
/// Numbers that are alike before they are told once: fewer are not worth the end of a packed run.
const ALIKE_AT_LEAST: usize = 4 * GROUP;
/// A byte in each of the eight of a group.
const EVERYWHERE: u64 = 0x0101_0101_0101_0101;

/// The bits that numbers up to this one need.
pub(super) fn width(greatest: u8) -> u8 {
    let bits = u8::BITS - greatest.leading_zeros();
    u8::try_from(bits).expect("a byte has eight bits")
}

/// Writes the numbers behind what is there. None of them needs more bits than `width`.
pub(super) fn encode(numbers: &[u8], width: u8, into: &mut Vec<u8>) {
    let (mut written, mut at) = (0, 0);
    while at + GROUP <= numbers.len() {
        let alike = alike(&numbers[at..]);
        if alike >= ALIKE_AT_LEAST || (width == 0 && alike > 0) {
            packed(&numbers[written..at], width, into);
            told_once(numbers[at], alike, width, into);
            at += alike;
            written = at;
        } else {
            at += GROUP;
        }
    }
    let rest = &numbers[written..];
    match (width, rest) {
        (_, []) => {}
        // Without bits there is nothing to pack.
        (0, [first, ..]) => told_once(*first, rest.len(), width, into),
        _ => packed(rest, width, into),
    }
}

/// How many numbers at the start are the same; 0 where the first group differs in itself.
fn alike(numbers: &[u8]) -> usize {
    let (groups, _) = numbers.as_chunks::<GROUP>();
    let same = u64::from(numbers[0]) * EVERYWHERE;
    let groups = groups.iter().take_while(|group| u64::from_le_bytes(**group) == same).count();
    if groups == 0 {
        return 0;
    }
    let rest = numbers[groups * GROUP..].iter().take_while(|number| **number == numbers[0]).count();
    groups * GROUP + rest
}

/// A run of one number.
fn told_once(number: u8, count: usize, width: u8, into: &mut Vec<u8>) {
    length(count << 1, into);
    if width > 0 {
        into.push(number);
    }
}

/// A run of packed numbers, filled up with zeros to a whole group. Only the last run of all may need that.
fn packed(numbers: &[u8], width: u8, into: &mut Vec<u8>) {
    if numbers.is_empty() {
        return;
    }
    length(numbers.len().div_ceil(GROUP) << 1 | 1, into);
    let bytes = usize::from(width);
    let (groups, rest) = numbers.as_chunks::<GROUP>();
    let mut last = [0; GROUP];
    last[..rest.len()].copy_from_slice(rest);
    let last = if rest.is_empty() { None } else { Some(&last) };
    for group in groups.iter().chain(last) {
        let bits =
            (0_u32..).step_by(bytes).zip(group).fold(0, |bits, (place, number)| bits | u64::from(*number) << place);
        into.extend_from_slice(&bits.to_le_bytes()[..bytes]);
    }
}

/// A number in groups of seven bits, the lowest first (LEB128).
fn length(mut number: usize, into: &mut Vec<u8>) {
    loop {
        let low = u8::try_from(number & 0x7f).expect("seven bits fit a byte");
        number >>= 7;
        if number == 0 {
            into.push(low);
            return;
        }
        into.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::{encode, width};

    #[track_caller]
    fn check(numbers: &[u8], bits: u8, expected: &[u8]) {
        let mut bytes = Vec::new();
        encode(numbers, bits, &mut bytes);
        assert_eq!(bytes, expected);
    }

    #[test]
    fn as_many_bits_as_the_greatest_number_needs() {
        assert_eq!([0, 1, 2, 3, 4, 7, 8, 251].map(width), [0, 1, 2, 2, 3, 3, 4, 8]);
    }

    /// The example of the format's own description.
    #[test]
    fn eight_numbers_of_three_bits_are_packed_into_three_bytes() {
        check(&[0, 1, 2, 3, 4, 5, 6, 7], 3, &[0b11, 0b1000_1000, 0b1100_0110, 0b1111_1010]);
    }

    #[test]
    fn a_number_that_comes_again_and_again_is_told_once() {
        check(&[5; 100], 3, &[200, 1, 5]);
        let mut mixed = vec![1; 8];
        mixed[7] = 0;
        mixed.extend([1; 33]);
        mixed.push(0);
        check(&mixed, 1, &[0b11, 0b0111_1111, 66, 1, 0b11, 0]);
    }

    #[test]
    fn numbers_without_bits_are_a_count_alone() {
        check(&[0; 3], 0, &[6]);
        check(&[0; 20], 0, &[40]);
        check(&[], 0, &[]);
    }
}
