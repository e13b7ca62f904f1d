"""The link model as two people change it: proposed, tried on history, published, taken back.

Owns its versions and acts, what differs between two models, and what another model would make of
the pairs that are there. Promises those of ``ground.publication``; and that putting a model in
force moves no link: new ones are made by it, those that are there by ``links again``, and what
people judged keeps its judgement and the evidence as it stood.
"""
