using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Plugins.Conformance.Storage;

/// <summary>A mailbox as the contract describes it, in memory and without any cleverness, for the property test to compare a store with.</summary>
internal sealed class MailboxModel
{
    private readonly List<Row> _log = [];

    private IEnumerable<Row> Messages => _log.Where(static row => row.Kind == "message");

    public CommitOutcome Deliver(SignedEnvelope letter, Direction direction, out int updated)
    {
        updated = 0;
        Envelope envelope = letter.Envelope;
        if (envelope.Type == EnvelopeType.Receipt)
        {
            Row[] read = [.. Messages.Where(row => row.Direction == Direction.Out && row.Status < 2 && row.Envelope.To == envelope.From
                && row.Envelope.ConversationId == envelope.ConversationId && row.Envelope.Timestamp <= envelope.Timestamp)];
            foreach (Row row in read) row.Status = 2;
            updated = read.Length;
            _log.Add(new Row(envelope.Type, direction, envelope));
            return CommitOutcome.Stored;
        }

        if (_log.Any(row => row.Kind != "receipt" && row.Direction == direction && row.Envelope.Id == envelope.Id)) return CommitOutcome.Duplicate;
        bool revises = envelope.Type is EnvelopeType.Edit or EnvelopeType.Delete;
        Row[] targets = revises ? [.. Messages.Where(row => row.Envelope.Id == envelope.InReplyTo)] : [];
        if (targets.Any(row => row.Envelope.From != envelope.From || row.Envelope.ConversationId != envelope.ConversationId)) return CommitOutcome.NotAuthor;
        var added = new Row(envelope.Type, direction, envelope);
        _log.Add(added);
        foreach (Row target in targets) Revise(target, envelope, _log.Count);
        if (revises) return CommitOutcome.Stored;
        for (int i = 0; i < _log.Count; i++)
        {
            Envelope waiting = _log[i].Envelope;
            if (_log[i].Kind is "edit" or "delete" && waiting.InReplyTo == envelope.Id && waiting.From == envelope.From && waiting.ConversationId == envelope.ConversationId)
                Revise(added, waiting, i + 1);
        }

        return CommitOutcome.Stored;
    }

    public int Mark(string conversation, int status)
    {
        Row[] raised = [.. Messages.Where(row => row.Direction == Direction.In && row.Envelope.ConversationId == conversation && row.Status < status)];
        foreach (Row row in raised) row.Status = status;
        // A mark that changed something is an entry of the log.
        if (raised.Length > 0) _log.Add(new Row("read_status", Direction.In, raised[0].Envelope));
        return raised.Length;
    }

    /// <summary>What a reader sees of the messages, one line each.</summary>
    public IEnumerable<string> Lines() => Messages.Select(static row => Line(row.Direction, row.Envelope, row.Current, row.Deleted, row.Status));

    public static string Line(Direction direction, Envelope envelope, Envelope? current, bool deleted, int status) =>
        $"{direction} {envelope.Id} [{current?.Body}] {(deleted ? "deleted" : "")} {status}";

    public IEnumerable<(string Conversation, int Count)> Unread() => Messages
        .Where(static row => row.Direction == Direction.In && row.Status == 0)
        .GroupBy(static row => row.Envelope.ConversationId, static (conversation, rows) => (conversation, rows.Count()))
        .Order();

    /// <summary>Conversations, newest first: id, messages, unread.</summary>
    public IEnumerable<(string Conversation, int Messages, int Unread)> Conversations() => Messages.Reverse()
        .GroupBy(static row => row.Envelope.ConversationId)
        .Select(static group => (group.Key, group.Count(), group.Count(static row => row.Direction == Direction.In && row.Status == 0)));

    private static void Revise(Row target, Envelope revision, int sequence)
    {
        if (target.Deleted || target.Current?.Id == revision.Id) return;
        if (revision.Type == EnvelopeType.Delete) target.Deleted = true;
        else if (target.Current is null || (revision.Timestamp, sequence).CompareTo((target.Current.Timestamp, target.CurrentSequence)) > 0)
            (target.Current, target.CurrentSequence) = (revision, sequence);
    }

    private sealed class Row(string kind, Direction direction, Envelope envelope)
    {
        public string Kind => kind;

        public Direction Direction => direction;

        public Envelope Envelope => envelope;

        public Envelope? Current { get; set; }

        public int CurrentSequence { get; set; }

        public bool Deleted { get; set; }

        public int Status { get; set; }
    }
}
