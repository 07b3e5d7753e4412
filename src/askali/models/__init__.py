"""Models that run here or elsewhere: the encoder, the local reader's engine, chat models."""
