"""The showcase (etalage): what councils share with everyone, and what others copy from it."""
