"""APReLU layers and residual networks of any rank, in keras.ops."""
