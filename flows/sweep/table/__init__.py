"""What a sweep brought: the rows of its points, the Pareto front, the record of it, its columns in words.

Made from results alone; nothing here measures.
"""
