"""The parts of bench_gpu: the two sides, the augmentation that both apply, and what a step must move."""
