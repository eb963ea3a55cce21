"""Questions on random variables, their moments, and what data make of a prior."""
