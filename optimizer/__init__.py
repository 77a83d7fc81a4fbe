"""optimizer: where, when and with what to build AI compute."""
