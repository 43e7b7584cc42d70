"""What finds contact data in a text, one kind a file; ``kernel.hiding.masking`` puts them together.

Each finder reads a folded text and gives places in it. All of them cost time in proportion to its length: every
repetition in a pattern is bounded, or begins at the start of a word only.
"""
