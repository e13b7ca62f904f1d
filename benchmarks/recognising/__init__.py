"""`tipline bench recognising`: a stream of files in the shape of 2023 through the whole house.

Each file arrives in a report of its own and goes through every stage. What nothing recognises is
looked at by three people, whose labels put it on a list of our own. The stream's truth says which
edit made each copy, so that what was recognised, missed or mistaken is counted per edit.
"""
