"""What happened to the figures of a council: a new contract, another way of counting. One note, seen at every figure."""
