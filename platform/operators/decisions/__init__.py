"""Who was offered which job and why, and the reviews that friends have asked for."""
