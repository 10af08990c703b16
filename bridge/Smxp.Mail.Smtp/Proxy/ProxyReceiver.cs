using System.Buffers;
using System.IO.Pipelines;

namespace Smxp.Mail.Smtp.Proxy;

/// <summary>Reads the header with which a proxy begins a connection.</summary>
internal static class ProxyReceiver
{
    /// <summary>The header, null where none came or the wait for it was cancelled; and whether the client just left, as balancers do that look whether somebody is there.</summary>
    public static async ValueTask<(ProxyHeader? Header, bool JustLeft)> ReceiveAsync(PipeReader input, CancellationToken cancellationToken)
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

            bool justLeft = result.IsCompleted && result.Buffer.IsEmpty;
            input.AdvanceTo(result.Buffer.GetPosition(length));
            return (parse == ProxyParse.Complete ? header : null, justLeft);
        }
    }
}
