"""Which goals are counted, told or asked about, and which are not: the coverage of a plan and the balance per goal."""
