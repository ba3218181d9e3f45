"""What a report needs on its way to the issue and after it: its rules of time, steps, freezing, proof, bots that tell.

Nothing here changes a row: that is reports.actions.
"""
