"""Policies of triage as people change them: proposed, tried on history, published, taken back.

Owns policy versions and acts. Promises: a version's bytes never change; nobody publishes what
they proposed; nothing is published that was not tried, with these very bytes, against what is
in force at that moment; going back is one act of one person; each act is one, however often
and by how many it is asked for. Supervisors come here through the desk and the command line;
:mod:`tipline.insight.triage.services` asks which policy is in force.
"""
