using System.Buffers;
using System.IO.Pipelines;

namespace Smxp.Mail.Smtp.Proxy;

/// <summary>Reads the header with which a proxy begins a connection.</summary>
internal static class ProxyReceiver
{
    /// <summary>The header; null where none came, or the wait for it was cancelled.</summary>
    public static async ValueTask<ProxyHeader?> ReceiveAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken);
            var front = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, ProxyHeader.MaxLength));
            var parse = ProxyHeader.TryParse(front.IsSingleSegment ? front.FirstSpan : front.ToArray(), out var header, out int length);
            if (parse == ProxyParse.Incomplete && !result.IsCompleted && !result.IsCanceled)
            {
                input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                continue;
            }

            input.AdvanceTo(result.Buffer.GetPosition(length));
            return parse == ProxyParse.Complete ? header : null;
        }
    }
}
