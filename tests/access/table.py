"""Who gets what at every address: one row for each route, method and object.

Columns are the people of the tests (see ``tests/personas.py``): nobody is signed in; Ana the
analyst, Sofia the supervisor, Adam the administrator; Enzo of the ESP Harborline and Qadir of
Quillnet; Ines of California, Tomas of Texas, Fay of the federal queue; Sam is an analyst who
was suspended while signed in; h-api and q-api are the machine accounts of the two ESPs.

Objects (see ``house.py``): ``ca`` is a report of Harborline at California's desk, ``tx`` one of
Quillnet at Texas', ``fed`` one of Harborline in the federal queue; ``open-h`` and ``open-q``
are reports that Harborline and Quillnet have not finished; ``pub-ca`` and ``pub-tx`` are of the
public, sealed, at California's and Texas' desk; ``dull`` is one of Quillnet that is
folded in a bundle and was drawn for a look; ``ca-kid``, ``tx-kid`` and ``open-kid`` are a child
in the file of ``ca``, ``tx`` and ``open-h``; ``look-a`` and ``look-s`` are blind looks that Ana
and Sofia hold, ``differ`` is one that waits for a senior; ``esp`` and ``agency`` are organisations;
``view-a`` and ``view-s`` are views that Ana and Sofia keep, ``act`` is a batch act of Ana's,
``shift`` her hand-over; ``policy`` is a version of the triage policy that Silas, another
supervisor, proposed; ``table`` one of the gate's table; ``paper`` is a warrant of the house
that names a file of ``ca``;
``list`` is a foreign list with an entry that is set aside, ``own`` one of
ours with content that waits for more people, ``own-o`` content of ``open-h`` there;
``shared`` is one for members of the exchange, ``member`` one of these; ``-`` is none.

Cells: the status; ``in`` leads to the sign-in page; ``=5001`` is the reporting API's own code
in an answer of status 200. ``GET`` stands for ``HEAD`` too, but at the API; ``any`` is every
method. A route that is not here, or a
method that a route takes and that is not here, fails the suite. So does a row without a route.
"""

from __future__ import annotations

from dataclasses import dataclass

TABLE = """
route                    does object nobody ana sofia adam enzo qadir ines tomas fay sam h-api q-api

# The way in, and those who run a deployment
home                     GET  -      302    302 302   302  302  302   302  302   302 302 302   302
sign-in                  GET  -      200    200 200   200  200  200   200  200   200 200 200   200
sign-in                  POST -      302    302 302   302  302  302   302  302   302 302 302   302
sign-out                 POST -      302    302 302   302  302  302   302  302   302 302 302   302
healthz                  GET  -      200    200 200   200  200  200   200  200   200 200 200   200
readyz                   GET  -      200    200 200   200  200  200   200  200   200 200 200   200
metrics                  GET  -      200    200 200   200  200  200   200  200   200 200 200   200

# The evidence origin: each shows a pass of their own; who may open no evidence never has one
evidence:file            GET  ca     404    200 200   404  404  404   200  403   403 403 404   404
evidence:file            GET  tx     404    200 200   404  404  404   403  200   403 403 404   404
evidence:file            GET  open-h 404    403 403   404  404  404   403  403   403 403 404   404

# Analysts' desk: every filed report, whoever sent it; never one that is still open
desk:queue               GET  -      in     200 200   404  404  404   404  404   404 in  in    in
desk:queue-csv           GET  -      in     200 200   404  404  404   404  404   404 in  in    in
desk:pane                GET  ca     in     200 200   404  404  404   404  404   404 in  in    in
desk:pane                GET  tx     in     200 200   404  404  404   404  404   404 in  in    in
desk:pane                GET  open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:report              GET  ca     in     200 200   404  404  404   404  404   404 in  in    in
desk:report              GET  tx     in     200 200   404  404  404   404  404   404 in  in    in
desk:report              GET  open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:claim               POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:claim               POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:claim               POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:release             POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:release             POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:release             POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:done                POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:done                POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:done                POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:reopen              POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:reopen              POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:reopen              POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:news                GET  -      in     200 200   404  404  404   404  404   404 in  in    in
desk:views               GET  -      in     200 200   404  404  404   404  404   404 in  in    in
desk:views               POST -      in     303 303   404  404  404   404  404   404 in  in    in
desk:view-change         POST view-a in     303 404   404  404  404   404  404   404 in  in    in
desk:view-change         POST view-s in     404 303   404  404  404   404  404   404 in  in    in
desk:view-delete         POST view-a in     303 404   404  404  404   404  404   404 in  in    in
desk:view-delete         POST view-s in     404 303   404  404  404   404  404   404 in  in    in
desk:view-put-back       POST -      in     303 303   404  404  404   404  404   404 in  in    in
desk:batch               GET  -      in     422 422   404  404  404   404  404   404 in  in    in
desk:batch               POST -      in     303 303   404  404  404   404  404   404 in  in    in
desk:batch-act           GET  act    in     200 200   404  404  404   404  404   404 in  in    in
desk:batch-go-on         POST act    in     303 303   404  404  404   404  404   404 in  in    in
desk:batch-undo          POST act    in     303 303   404  404  404   404  404   404 in  in    in
desk:meme                POST ca     in     409 409   404  404  404   404  404   404 in  in    in
desk:meme                POST tx     in     409 409   404  404  404   404  404   404 in  in    in
desk:meme                POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:summary             POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:summary             POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:summary             POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:summary-undo        POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:summary-undo        POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:summary-undo        POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:hand-over           GET  -      in     200 200   404  404  404   404  404   404 in  in    in
desk:hand-over           POST -      in     303 303   404  404  404   404  404   404 in  in    in
desk:hand-over-read      POST shift  in     409 303   404  404  404   404  404   404 in  in    in
desk:hand-over-unread    POST shift  in     409 303   404  404  404   404  404   404 in  in    in
desk:hand-over-take-back POST shift  in     303 404   404  404  404   404  404   404 in  in    in
desk:note                POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:note                POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:note                POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:refer               POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:refer               POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:refer               POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:reveal-reporter     POST pub-ca in     200 200   404  404  404   404  404   404 in  in    in
desk:reveal-reporter     POST pub-tx in     200 200   404  404  404   404  404   404 in  in    in
desk:reveal-reporter     POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:release-reporter    POST pub-ca in     303 303   404  404  404   404  404   404 in  in    in
desk:release-reporter    POST pub-tx in     303 303   404  404  404   404  404   404 in  in    in
desk:withdraw-release    POST pub-ca in     303 303   404  404  404   404  404   404 in  in    in
desk:withdraw-release    POST pub-tx in     303 303   404  404  404   404  404   404 in  in    in
desk:opening             GET  ca     in     404 200   404  404  404   404  404   404 in  in    in
desk:opening             GET  tx     in     404 200   404  404  404   404  404   404 in  in    in
desk:opening             GET  open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:opening             POST ca     in     404 303   404  404  404   404  404   404 in  in    in
desk:opening             POST tx     in     404 303   404  404  404   404  404   404 in  in    in
desk:opening             POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:paper               GET  paper  in     404 200   404  404  404   404  404   404 in  in    in
desk:paper               GET  ca     in     404 404   404  404  404   404  404   404 in  in    in
desk:paper               GET  open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:paper               POST paper  in     404 303   404  404  404   404  404   404 in  in    in
desk:paper               POST ca     in     404 404   404  404  404   404  404   404 in  in    in
desk:paper               POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:judge               POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:judge               POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:judgements          GET  -      in     200 200   404  404  404   404  404   404 in  in    in
desk:judgement-make      POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:judgement-make      POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:judgement-make      POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:judgement-second    POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:judgement-second    POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:judgement-decline   POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:judgement-decline   POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:judgement-withdraw  POST ca     in     403 303   404  404  404   404  404   404 in  in    in
desk:judgement-withdraw  POST tx     in     403 303   404  404  404   404  404   404 in  in    in
desk:looks               GET  -      in     200 200   404  404  404   404  404   404 in  in    in
desk:look-take           POST -      in     303 303   404  404  404   404  404   404 in  in    in
desk:look                GET  look-a in     200 404   404  404  404   404  404   404 in  in    in
desk:look                GET  look-s in     404 200   404  404  404   404  404   404 in  in    in
desk:look                POST look-a in     303 404   404  404  404   404  404   404 in  in    in
desk:look                POST look-s in     404 303   404  404  404   404  404   404 in  in    in
desk:look-give-back      POST look-a in     303 404   404  404  404   404  404   404 in  in    in
desk:look-give-back      POST look-s in     404 303   404  404  404   404  404   404 in  in    in
desk:look-settle         GET  differ in     404 200   404  404  404   404  404   404 in  in    in
desk:look-settle         POST differ in     404 303   404  404  404   404  404   404 in  in    in
desk:lists               GET  -      in     200 200   404  404  404   404  404   404 in  in    in
desk:list-add            GET  -      in     404 200   404  404  404   404  404   404 in  in    in
desk:list-add            POST -      in     404 303   404  404  404   404  404   404 in  in    in
desk:series              GET  -      in     200 200   404  404  404   404  404   404 in  in    in
desk:series              POST -      in     403 303   404  404  404   404  404   404 in  in    in
desk:list-release        POST list   in     404 303   404  404  404   404  404   404 in  in    in
desk:list-remove         POST list   in     404 303   404  404  404   404  404   404 in  in    in
desk:list                GET  list   in     200 200   404  404  404   404  404   404 in  in    in
desk:list-policy         GET  list   in     404 200   404  404  404   404  404   404 in  in    in
desk:list-policy         POST list   in     404 303   404  404  404   404  404   404 in  in    in
desk:list-import         GET  list   in     404 200   404  404  404   404  404   404 in  in    in
desk:list-import         POST list   in     404 303   404  404  404   404  404   404 in  in    in
desk:list-vics           GET  list   in     404 200   404  404  404   404  404   404 in  in    in
desk:list-csv            GET  list   in     404 200   404  404  404   404  404   404 in  in    in
desk:list-withdraw       POST own    in     303 303   404  404  404   404  404   404 in  in    in
desk:list-withdraw       POST own-o  in     404 404   404  404  404   404  404   404 in  in    in
desk:list-entry          GET  list   in     200 200   404  404  404   404  404   404 in  in    in
desk:list-entry-series   POST list   in     404 303   404  404  404   404  404   404 in  in    in
desk:match-confirm       POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:match-confirm       POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:match-deny          POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:match-deny          POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:label-set           POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:label-set           POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:label-set           POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:label-withdraw      POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:label-withdraw      POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:label-withdraw      POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:label-undo          POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:label-undo          POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:label-undo          POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:value               POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:value               POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:value               POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:child-add           POST ca-kid in     303 303   404  404  404   404  404   404 in  in    in
desk:child-add           POST tx-kid in     303 303   404  404  404   404  404   404 in  in    in
desk:child-add           POST open-kid in     404 404   404  404  404   404  404   404 in  in    in
desk:child-remove        POST ca-kid in     303 303   404  404  404   404  404   404 in  in    in
desk:child-remove        POST tx-kid in     303 303   404  404  404   404  404   404 in  in    in
desk:child-remove        POST open-kid in     404 404   404  404  404   404  404   404 in  in    in
desk:child-label-set     POST ca-kid in     303 303   404  404  404   404  404   404 in  in    in
desk:child-label-set     POST tx-kid in     303 303   404  404  404   404  404   404 in  in    in
desk:child-label-set     POST open-kid in     404 404   404  404  404   404  404   404 in  in    in
desk:child-label-withdraw POST ca-kid in     303 303   404  404  404   404  404   404 in  in    in
desk:child-label-withdraw POST tx-kid in     303 303   404  404  404   404  404   404 in  in    in
desk:child-label-withdraw POST open-kid in     404 404   404  404  404   404  404   404 in  in    in
desk:preview             POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:preview             POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:preview             POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:reveal              POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:reveal              POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:reveal              POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:close-picture       POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:close-picture       POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:close-picture       POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:practice            GET  -      in     200 200   404  404  404   404  404   404 in  in    in
desk:practice            POST -      in     200 200   404  404  404   404  404   404 in  in    in
desk:care                GET  -      in     200 200   404  404  404   404  404   404 in  in    in
desk:care                POST -      in     303 303   404  404  404   404  404   404 in  in    in
desk:care-enough         GET  -      in     200 200   404  404  404   404  404   404 in  in    in
desk:care-break          POST -      in     303 303   404  404  404   404  404   404 in  in    in
desk:care-later          POST -      in     303 303   404  404  404   404  404   404 in  in    in
desk:care-team           GET  -      in     404 200   404  404  404   404  404   404 in  in    in
desk:care-team           POST -      in     404 303   404  404  404   404  404   404 in  in    in
desk:copies              GET  ca     in     200 200   404  404  404   404  404   404 in  in    in
desk:copies              GET  tx     in     200 200   404  404  404   404  404   404 in  in    in
desk:studio              GET  -      in     200 200   404  404  404   404  404   404 in  in    in
desk:studio-take         POST -      in     303 303   404  404  404   404  404   404 in  in    in
desk:studio-undo         POST -      in     303 303   404  404  404   404  404   404 in  in    in
desk:studio-leave        POST -      in     303 303   404  404  404   404  404   404 in  in    in
desk:studio-content      GET  ca     in     200 200   404  404  404   404  404   404 in  in    in
desk:studio-content      GET  tx     in     200 200   404  404  404   404  404   404 in  in    in
desk:studio-content      GET  own-o  in     404 404   404  404  404   404  404   404 in  in    in
desk:studio-judge        POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:studio-judge        POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:studio-judge        POST own-o  in     404 404   404  404  404   404  404   404 in  in    in
desk:studio-closed       POST ca     in     409 409   404  404  404   404  404   404 in  in    in
desk:studio-closed       POST tx     in     409 409   404  404  404   404  404   404 in  in    in
desk:studio-closed       POST own-o  in     404 404   404  404  404   404  404   404 in  in    in
desk:studio-skip         POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:studio-skip         POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:studio-skip         POST own-o  in     404 404   404  404  404   404  404   404 in  in    in
desk:studio-preview      POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:studio-preview      POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:studio-preview      POST own-o  in     404 404   404  404  404   404  404   404 in  in    in
desk:studio-reveal       POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:studio-reveal       POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:studio-reveal       POST own-o  in     404 404   404  404  404   404  404   404 in  in    in
desk:studio-close        POST ca     in     303 303   404  404  404   404  404   404 in  in    in
desk:studio-close        POST tx     in     303 303   404  404  404   404  404   404 in  in    in
desk:studio-close        POST own-o  in     404 404   404  404  404   404  404   404 in  in    in
desk:studio-exif         POST ca     in     200 200   404  404  404   404  404   404 in  in    in
desk:studio-exif         POST tx     in     403 403   404  404  404   404  404   404 in  in    in
desk:studio-exif         POST own-o  in     404 404   404  404  404   404  404   404 in  in    in
desk:call                GET  -      in     200 200   404  404  404   404  404   404 in  in    in
desk:call                POST -      in     303 303   404  404  404   404  404   404 in  in    in
desk:receipt             GET  ca     in     200 200   404  404  404   404  404   404 in  in    in
desk:receipt             GET  tx     in     200 200   404  404  404   404  404   404 in  in    in
desk:receipt             GET  open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:bundle              GET  dull   in     200 200   404  404  404   404  404   404 in  in    in
desk:bundle-leave        POST dull   in     303 303   404  404  404   404  404   404 in  in    in
desk:bundle-leave        POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:bundle-return       POST dull   in     303 303   404  404  404   404  404   404 in  in    in
desk:bundle-return       POST open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:draws               GET  -      in     200 200   404  404  404   404  404   404 in  in    in
desk:draw-finding        POST dull   in     303 303   404  404  404   404  404   404 in  in    in
desk:draw-take-back      POST dull   in     303 303   404  404  404   404  404   404 in  in    in
desk:figures             GET  -      in     200 200   404  404  404   404  404   404 in  in    in
desk:books               GET  -      in     404 200   200  404  404   404  404   404 in  in    in
desk:books-csv           GET  -      in     404 200   200  404  404   404  404   404 in  in    in
desk:gate                GET  ca     in     200 200   404  404  404   404  404   404 in  in    in
desk:gate                GET  tx     in     200 200   404  404  404   404  404   404 in  in    in
desk:gate                GET  open-h in     404 404   404  404  404   404  404   404 in  in    in
desk:gate-policy         GET  -      in     404 200   404  404  404   404  404   404 in  in    in
desk:gate-policy-take-back POST -    in     404 303   404  404  404   404  404   404 in  in    in
desk:gate-policy-propose GET  -      in     404 200   404  404  404   404  404   404 in  in    in
desk:gate-policy-propose POST -      in     404 303   404  404  404   404  404   404 in  in    in
desk:gate-policy-version GET  table  in     404 200   404  404  404   404  404   404 in  in    in
desk:gate-policy-try     POST table  in     404 303   404  404  404   404  404   404 in  in    in
desk:gate-policy-publish POST table  in     404 303   404  404  404   404  404   404 in  in    in
desk:gate-policy-movers  GET  table  in     404 200   404  404  404   404  404   404 in  in    in
desk:policy              GET  -      in     404 200   404  404  404   404  404   404 in  in    in
desk:policy-take-back    POST -      in     404 303   404  404  404   404  404   404 in  in    in
desk:policy-propose      GET  -      in     404 200   404  404  404   404  404   404 in  in    in
desk:policy-propose      POST -      in     404 303   404  404  404   404  404   404 in  in    in
desk:policy-version      GET  policy in     404 200   404  404  404   404  404   404 in  in    in
desk:policy-try          POST policy in     404 303   404  404  404   404  404   404 in  in    in
desk:policy-publish      POST policy in     404 303   404  404  404   404  404   404 in  in    in
desk:policy-movers       GET  policy in     404 200   404  404  404   404  404   404 in  in    in

# Agencies: what was referred to them
agency:morning           GET  -      in     404 404   404  404  404   200  200   200 in  in    in
agency:morning-csv       GET  -      in     404 404   404  404  404   200  200   200 in  in    in
agency:report            GET  ca     in     404 404   404  404  404   200  404   404 in  in    in
agency:report            GET  tx     in     404 404   404  404  404   404  200   404 in  in    in
agency:report            GET  open-h in     404 404   404  404  404   404  404   404 in  in    in
agency:report            GET  fed    in     404 404   404  404  404   404  404   200 in  in    in
agency:report            GET  pub-ca in     404 404   404  404  404   200  404   404 in  in    in
agency:report            GET  pub-tx in     404 404   404  404  404   404  200   404 in  in    in
agency:report-json       GET  ca     in     404 404   404  404  404   200  404   404 in  in    in
agency:report-json       GET  tx     in     404 404   404  404  404   404  200   404 in  in    in
agency:report-json       GET  open-h in     404 404   404  404  404   404  404   404 in  in    in
agency:report-json       GET  fed    in     404 404   404  404  404   404  404   200 in  in    in
agency:report-json       GET  pub-ca in     404 404   404  404  404   200  404   404 in  in    in
agency:report-json       GET  pub-tx in     404 404   404  404  404   404  200   404 in  in    in
agency:accept            POST ca     in     404 404   404  404  404   303  404   404 in  in    in
agency:accept            POST tx     in     404 404   404  404  404   404  303   404 in  in    in
agency:accept            POST open-h in     404 404   404  404  404   404  404   404 in  in    in
agency:accept            POST fed    in     404 404   404  404  404   404  404   303 in  in    in
agency:refuse            POST ca     in     404 404   404  404  404   303  404   404 in  in    in
agency:refuse            POST tx     in     404 404   404  404  404   404  303   404 in  in    in
agency:refuse            POST open-h in     404 404   404  404  404   404  404   404 in  in    in
agency:take-back         POST ca     in     404 404   404  404  404   303  404   404 in  in    in
agency:take-back         POST tx     in     404 404   404  404  404   404  303   404 in  in    in
agency:take-back         POST open-h in     404 404   404  404  404   404  404   404 in  in    in
agency:open-case         POST ca     in     404 404   404  404  404   303  404   404 in  in    in
agency:open-case         POST tx     in     404 404   404  404  404   404  303   404 in  in    in
agency:open-case         POST open-h in     404 404   404  404  404   404  404   404 in  in    in
agency:add-to-case       POST ca     in     404 404   404  404  404   303  404   404 in  in    in
agency:add-to-case       POST tx     in     404 404   404  404  404   404  303   404 in  in    in
agency:add-to-case       POST open-h in     404 404   404  404  404   404  404   404 in  in    in
agency:answer            GET  ca     in     404 404   404  404  404   200  404   404 in  in    in
agency:answer            GET  tx     in     404 404   404  404  404   404  200   404 in  in    in
agency:answer            GET  open-h in     404 404   404  404  404   404  404   404 in  in    in
agency:answer            POST ca     in     404 404   404  404  404   303  404   404 in  in    in
agency:answer            POST tx     in     404 404   404  404  404   404  303   404 in  in    in
agency:answer            POST open-h in     404 404   404  404  404   404  404   404 in  in    in
agency:opening           GET  ca     in     404 404   404  404  404   200  404   404 in  in    in
agency:opening           GET  tx     in     404 404   404  404  404   404  200   404 in  in    in
agency:opening           GET  open-h in     404 404   404  404  404   404  404   404 in  in    in
agency:opening           POST ca     in     404 404   404  404  404   303  404   404 in  in    in
agency:opening           POST tx     in     404 404   404  404  404   404  303   404 in  in    in
agency:opening           POST open-h in     404 404   404  404  404   404  404   404 in  in    in
agency:gate              GET  ca     in     404 404   404  404  404   200  404   404 in  in    in
agency:gate              GET  tx     in     404 404   404  404  404   404  200   404 in  in    in
agency:gate              GET  open-h in     404 404   404  404  404   404  404   404 in  in    in
agency:paper             GET  ca     in     404 404   404  404  404   200  404   404 in  in    in
agency:paper             GET  tx     in     404 404   404  404  404   404  200   404 in  in    in
agency:paper             GET  open-h in     404 404   404  404  404   404  404   404 in  in    in
agency:paper             POST ca     in     404 404   404  404  404   303  404   404 in  in    in
agency:paper             POST tx     in     404 404   404  404  404   404  303   404 in  in    in
agency:paper             POST open-h in     404 404   404  404  404   404  404   404 in  in    in
agency:end-opening       POST ca     in     404 404   404  404  404   303  404   404 in  in    in
agency:end-opening       POST tx     in     404 404   404  404  404   404  303   404 in  in    in
agency:file              GET  ca     in     404 404   404  404  404   200  404   404 in  in    in
agency:file              GET  tx     in     404 404   404  404  404   404  200   404 in  in    in
agency:file              GET  open-h in     404 404   404  404  404   404  404   404 in  in    in
agency:file              POST ca     in     404 404   404  404  404   303  404   404 in  in    in
agency:file              POST tx     in     404 404   404  404  404   404  303   404 in  in    in
agency:file              POST open-h in     404 404   404  404  404   404  404   404 in  in    in
agency:series-seen       POST ca     in     404 404   404  404  404   303  404   404 in  in    in
agency:series-seen       POST tx     in     404 404   404  404  404   404  303   404 in  in    in
agency:labels-seen       POST ca     in     404 404   404  404  404   303  404   404 in  in    in
agency:labels-seen       POST tx     in     404 404   404  404  404   404  303   404 in  in    in
agency:cases             GET  -      in     404 404   404  404  404   200  200   200 in  in    in
agency:case              GET  ca     in     404 404   404  404  404   200  404   404 in  in    in
agency:case              GET  tx     in     404 404   404  404  404   404  200   404 in  in    in
agency:case-json         GET  ca     in     404 404   404  404  404   200  404   404 in  in    in
agency:case-json         GET  tx     in     404 404   404  404  404   404  200   404 in  in    in

# ESPs: their own reports, in any state
esp:reports              GET  -      in     404 404   404  200  200   404  404   404 in  in    in
esp:reports-csv          GET  -      in     404 404   404  200  200   404  404   404 in  in    in
esp:refused              GET  -      in     404 404   404  200  200   404  404   404 in  in    in
esp:profile              GET  -      in     404 404   404  200  200   404  404   404 in  in    in
esp:check                GET  -      in     404 404   404  200  200   404  404   404 in  in    in
esp:check                POST -      in     404 404   404  200  200   404  404   404 in  in    in
esp:new                  GET  -      in     404 404   404  200  200   404  404   404 in  in    in
esp:new                  POST -      in     404 404   404  303  303   404  404   404 in  in    in
esp:report               GET  ca     in     404 404   404  200  404   404  404   404 in  in    in
esp:report               GET  tx     in     404 404   404  404  200   404  404   404 in  in    in
esp:report               GET  open-h in     404 404   404  200  404   404  404   404 in  in    in
esp:report               GET  open-q in     404 404   404  404  200   404  404   404 in  in    in
esp:files                GET  ca     in     404 404   404  302  404   404  404   404 in  in    in
esp:files                GET  tx     in     404 404   404  404  302   404  404   404 in  in    in
esp:files                GET  open-h in     404 404   404  200  404   404  404   404 in  in    in
esp:files                GET  open-q in     404 404   404  404  200   404  404   404 in  in    in
esp:upload               POST ca     in     404 404   404  409  404   404  404   404 in  in    in
esp:upload               POST tx     in     404 404   404  404  409   404  404   404 in  in    in
esp:upload               POST open-h in     404 404   404  303  404   404  404   404 in  in    in
esp:upload               POST open-q in     404 404   404  404  303   404  404   404 in  in    in
esp:file                 GET  ca     in     404 404   404  302  404   404  404   404 in  in    in
esp:file                 GET  tx     in     404 404   404  404  302   404  404   404 in  in    in
esp:file                 GET  open-h in     404 404   404  200  404   404  404   404 in  in    in
esp:file                 GET  open-q in     404 404   404  404  200   404  404   404 in  in    in
esp:file                 POST ca     in     404 404   404  302  404   404  404   404 in  in    in
esp:file                 POST tx     in     404 404   404  404  302   404  404   404 in  in    in
esp:file                 POST open-h in     404 404   404  303  404   404  404   404 in  in    in
esp:file                 POST open-q in     404 404   404  404  303   404  404   404 in  in    in
esp:finish               POST ca     in     404 404   404  409  404   404  404   404 in  in    in
esp:finish               POST tx     in     404 404   404  404  409   404  404   404 in  in    in
esp:finish               POST open-h in     404 404   404  303  404   404  404   404 in  in    in
esp:finish               POST open-q in     404 404   404  404  303   404  404   404 in  in    in
esp:retract              POST ca     in     404 404   404  409  404   404  404   404 in  in    in
esp:retract              POST tx     in     404 404   404  404  409   404  404   404 in  in    in
esp:retract              POST open-h in     404 404   404  303  404   404  404   404 in  in    in
esp:retract              POST open-q in     404 404   404  404  303   404  404   404 in  in    in

# Administrators
staff:overview           GET  -      in     404 404   200  404  404   404  404   404 in  in    in
staff:books              GET  -      in     404 404   200  404  404   404  404   404 in  in    in
staff:books-csv          GET  -      in     404 404   200  404  404   404  404   404 in  in    in
staff:jobs               GET  -      in     404 404   200  404  404   404  404   404 in  in    in
staff:requeue            POST -      in     404 404   303  404  404   404  404   404 in  in    in
staff:vault              GET  -      in     404 404   200  404  404   404  404   404 in  in    in
staff:vault-check        POST -      in     404 404   303  404  404   404  404   404 in  in    in
staff:keys               GET  -      in     404 404   200  404  404   404  404   404 in  in    in
staff:organisations      GET  -      in     404 404   200  404  404   404  404   404 in  in    in
staff:organisation-add   GET  -      in     404 404   200  404  404   404  404   404 in  in    in
staff:organisation-add   POST -      in     404 404   303  404  404   404  404   404 in  in    in
staff:organisation       GET  esp    in     404 404   200  404  404   404  404   404 in  in    in
staff:organisation       GET  agency in     404 404   200  404  404   404  404   404 in  in    in
staff:credential-issue   POST esp    in     404 404   200  404  404   404  404   404 in  in    in
staff:credential-issue   POST agency in     404 404   404  404  404   404  404   404 in  in    in
staff:credential-revoke  POST esp    in     404 404   303  404  404   404  404   404 in  in    in
staff:credential-restore POST esp    in     404 404   303  404  404   404  404   404 in  in    in
staff:profile            GET  esp    in     404 404   200  404  404   404  404   404 in  in    in
staff:profile            GET  agency in     404 404   200  404  404   404  404   404 in  in    in
staff:profile            POST esp    in     404 404   303  404  404   404  404   404 in  in    in
staff:profile            POST agency in     404 404   303  404  404   404  404   404 in  in    in
staff:people             GET  -      in     404 404   200  404  404   404  404   404 in  in    in
staff:person-add         GET  -      in     404 404   200  404  404   404  404   404 in  in    in
staff:person-add         POST -      in     404 404   200  404  404   404  404   404 in  in    in
staff:person-suspend     POST esp    in     404 404   303  404  404   404  404   404 in  in    in
staff:person-reinstate   POST esp    in     404 404   303  404  404   404  404   404 in  in    in
staff:exchange           GET  -      in     404 404   200  404  404   404  404   404 in  in    in
staff:source             GET  list   in     404 404   200  404  404   404  404   404 in  in    in
staff:source             POST list   in     404 404   303  404  404   404  404   404 in  in    in
staff:source-stop        POST list   in     404 404   303  404  404   404  404   404 in  in    in
staff:source-resume      POST list   in     404 404   303  404  404   404  404   404 in  in    in
staff:source-pull        POST list   in     404 404   303  404  404   404  404   404 in  in    in
staff:sharer-add         GET  -      in     404 404   200  404  404   404  404   404 in  in    in
staff:sharer-add         POST -      in     404 404   303  404  404   404  404   404 in  in    in
staff:sharer             GET  member in     404 404   200  404  404   404  404   404 in  in    in
staff:sharer-grant       POST member in     404 404   303  404  404   404  404   404 in  in    in
staff:sharer-withdraw    POST member in     404 404   303  404  404   404  404   404 in  in    in
staff:sharer-give-back   POST member in     404 404   303  404  404   404  404   404 in  in    in
staff:sharer-issue       POST member in     404 404   200  404  404   404  404   404 in  in    in
staff:sharer-revoke      POST member in     404 404   303  404  404   404  404   404 in  in    in
staff:sharer-restore     POST member in     404 404   303  404  404   404  404   404 in  in    in
staff:ledger             GET  -      in     404 404   200  404  404   404  404   404 in  in    in
staff:ledger-verify      POST -      in     404 404   200  404  404   404  404   404 in  in    in

# The public form: anyone, and nobody is recognised
public:report            GET  -      200    200 200   200  200  200   200  200   200 200 200   200
public:report            POST -      200    200 200   200  200  200   200  200   200 200 200   200

# The reporting API: machine accounts; its own code stands after the =
ispws-status             GET  -      401    401 401   401  401  401   401  401   401 401 =0    =0
ispws-xsd                GET  -      401    401 401   401  401  401   401  401   401 401 200   200
ispws-submit             POST -      401    401 401   401  401  401   401  401   401 401 =0    =0
ispws-upload             POST ca     401    401 401   401  401  401   401  401   401 401 =5102 =5001
ispws-upload             POST tx     401    401 401   401  401  401   401  401   401 401 =5001 =5102
ispws-upload             POST open-h 401    401 401   401  401  401   401  401   401 401 =0    =5001
ispws-upload             POST open-q 401    401 401   401  401  401   401  401   401 401 =5001 =0
ispws-fileinfo           POST ca     401    401 401   401  401  401   401  401   401 401 =5102 =5001
ispws-fileinfo           POST tx     401    401 401   401  401  401   401  401   401 401 =5001 =5102
ispws-fileinfo           POST open-h 401    401 401   401  401  401   401  401   401 401 =0    =5001
ispws-fileinfo           POST open-q 401    401 401   401  401  401   401  401   401 401 =5001 =0
ispws-finish             POST ca     401    401 401   401  401  401   401  401   401 401 =5102 =5001
ispws-finish             POST tx     401    401 401   401  401  401   401  401   401 401 =5001 =5102
ispws-finish             POST open-h 401    401 401   401  401  401   401  401   401 401 =0    =5001
ispws-finish             POST open-q 401    401 401   401  401  401   401  401   401 401 =5001 =0
ispws-retract            POST ca     401    401 401   401  401  401   401  401   401 401 =5102 =5001
ispws-retract            POST tx     401    401 401   401  401  401   401  401   401 401 =5001 =5102
ispws-retract            POST open-h 401    401 401   401  401  401   401  401   401 401 =0    =5001
ispws-retract            POST open-q 401    401 401   401  401  401   401  401   401 401 =5001 =0
ispws-check              POST -      401    401 401   401  401  401   401  401   401 401 200   200
ispws-unknown            any  -      401    401 401   401  401  401   401  401   401 401 404   404

# The hash exchange: accounts of members only, who are in tests/exchange
hashes-status            GET  shared 401    401 401   401  401  401   401  401   401 401 401   401
hashes-members           GET  shared 401    401 401   401  401  401   401  401   401 401 401   401
hashes-entries           GET  shared 401    401 401   401  401  401   401  401   401 401 401   401
hashes-reasons           GET  shared 401    401 401   401  401  401   401  401   401 401 401   401
hashes-categorizations   GET  shared 401    401 401   401  401  401   401  401   401 401 401   401
hashes-large             GET  shared 401    401 401   401  401  401   401  401   401 401 401   401
hashes-feedback          PUT  shared 401    401 401   401  401  401   401  401   401 401 401   401
hashes-feedback-old      PUT  shared 401    401 401   401  401  401   401  401   401 401 401   401
hashes-unknown           any  shared 401    401 401   401  401  401   401  401   401 401 401   401
"""


_MACHINES = {"h-api": "harborline", "q-api": "quillnet"}


@dataclass(frozen=True)
class Row:
    route: str
    method: str
    object: str
    expected: dict[str, str]

    @property
    def name(self) -> str:
        return f"{self.route} {self.method} {self.object}"


def rows() -> list[Row]:
    """The table, line by line; comments and blank lines are for people."""
    lines = [line.split() for line in TABLE.splitlines() if line and not line.startswith("#")]
    heading, *body = lines
    personas = [_MACHINES.get(name, name) for name in heading[3:]]
    made = []
    for cells in body:
        assert len(cells) == len(heading), f"this row has another number of cells: {cells}"
        made.append(Row(*cells[:3], dict(zip(personas, cells[3:], strict=True))))
    return made


#: Views that check something else than Django's token against forged forms, and what.
CSRF_EXEMPT = {
    "ispws-status": "Basic authentication",
    "ispws-xsd": "Basic authentication",
    "ispws-submit": "Basic authentication",
    "ispws-upload": "Basic authentication",
    "ispws-fileinfo": "Basic authentication",
    "ispws-finish": "Basic authentication",
    "ispws-retract": "Basic authentication",
    "ispws-check": "Basic authentication; nothing is changed",
    "ispws-unknown": "Basic authentication",
    "hashes-status": "Basic authentication",
    "hashes-members": "Basic authentication",
    "hashes-entries": "Basic authentication",
    "hashes-reasons": "Basic authentication",
    "hashes-categorizations": "Basic authentication",
    "hashes-large": "Basic authentication",
    "hashes-feedback": "Basic authentication",
    "hashes-feedback-old": "Basic authentication",
    "hashes-unknown": "Basic authentication",
    "esp:upload": "a token in the address, of the person, the session and the report",
}
