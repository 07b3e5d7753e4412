"""Wrong and true claims to hold the verifier to."""
