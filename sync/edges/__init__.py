"""Where the program touches the world: spreadsheets and mail, behind `interface`."""
