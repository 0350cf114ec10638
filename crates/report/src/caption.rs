//! Captions, built from the codebook by a fixed grammar.
