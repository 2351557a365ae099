"""The people of the demo. Nobody of them is real, and nothing here belongs to any other mode."""
