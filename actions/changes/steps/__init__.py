"""What one message does to one request that is open: functions of a `Step`, by what they are about.

    going_on.py    a message while a question stands: which of the following it is for
    mistaken.py    a guest who was taken for somebody else
    denying.py     a fault that is taken back
    in_case.py     what is wanted only where the wish cannot be had
    each_told.py   what is said of each of several goods
    portions.py    some pieces of what is asked about or offered
    follows_next.py  the same goods of another order, which come next
    goods_left.py  what goods of it are to stay
    leaving.py     what is turned down, stays as it is or is left
    answers.py     an answer, a correction, another wish, or none of them
    turning.py     another kind of change, another order, a request that waits: what becomes of it
    confirming.py  a yes to what is proposed
    beginning.py   the words that begin a request, or begin it anew
    codes.py       one-time codes
    proving.py     who asks
    joining.py     another request beside the one that is open
    aims.py        whether a message means one
    pieces.py      an answer read into the pieces of the request
    elsewhere.py   another order that is meant in correction
    advancing.py   going on until something is asked or all is done
    again.py       the question put once more
    outcome.py     the slots that a step leaves
    step.py        the message, the request, and how sure the message is of what it says
    questions.py   what questions are about, and what is no request beside them

Each imports only what stands below it here.
"""
